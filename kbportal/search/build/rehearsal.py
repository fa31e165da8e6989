"""Queries made from the corpus itself, each with the article that it was taken out of.

An editor's question, a title or a sentence is removed from its article and asked as if a
customer had typed it: the article should still be found. What ranks it well here tends to rank
real queries well, so trust and floors can be learnt before the first customer has come. The same
query with its article left out altogether has no answer: that is how silence is learnt.

Source of the idea: the inverse cloze task, Lee, Chang & Toutanova, ACL 2019.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kbportal.embedding.ports import QueryEncoder, Vectors
from kbportal.search.build.texts import passage_texts
from kbportal.search.index.language import VIEWS, LanguageIndex, analysed, analysed_by
from kbportal.search.index.pages import Page
from kbportal.search.index.vectors import VectorIndex, article_mean, closeness
from kbportal.search.query.scoring import Scoring, score, standardised
from kbportal.search.text.analysis import within_limits
from kbportal.search.text.chunking import Passage, sentences

_WORDS_OF_A_SENTENCE = range(4, 26)
# Embedding whole articles again for their titles' sake would take as long as the build itself.
_PASSAGES_WITHOUT_TITLE = 6


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A query, the row of its article, and that article without the query's text.

    Attributes:
        question: Place of the query among the article's questions, -1 for other texts.
        changed: Places of the passages that read differently without the query.
        untitled: Whether the query was the title. Passages that are not `changed` are then left
            out of the comparison by meaning, because they carry the title.
    """

    query: str
    row: int
    rest: Page
    question: int = -1
    changed: tuple[int, ...] = ()
    untitled: bool = False


def rehearsals(pages: Sequence[Page], *, most: int, seed: int) -> list[Rehearsal]:
    """Up to `most` queries, spread over the articles: questions, then titles, then sentences."""
    chance = random.Random(seed)  # noqa: S311 - reproducible on purpose
    rows = chance.sample(range(len(pages)), min(most, len(pages)))
    queues = [_of_page(row, pages[row], chance) for row in rows]
    found: list[Rehearsal] = []
    while queues and len(found) < most:
        still = []
        for queue in queues:
            one = next(queue, None)
            if one:
                found.append(one)
                still.append(queue)
        queues = still
    return found[:most]


def changed_texts(rehearsal: Rehearsal) -> list[str]:
    """What has to be embedded afresh before the query can be rehearsed with a model."""
    texts = passage_texts(rehearsal.rest)
    name = [rehearsal.rest.name] if rehearsal.untitled else []
    return [*(texts[at] for at in rehearsal.changed), *name]


def rehearse(
    index: LanguageIndex,
    rehearsal: Rehearsal,
    *,
    encoder: QueryEncoder | None,
    changed: Vectors | None,
) -> Scoring:
    """Score the query with its article scored as if the query's text were not in it.

    Args:
        changed: Vectors of `changed_texts`; None to go by keywords alone.
    """
    query = within_limits(rehearsal.query)
    vector = encoder.encode(rehearsal.query) if encoder and changed is not None else None
    scoring = score(index, query, vector=vector)
    raw = {name: scores.copy() for name, scores in scoring.raw.items()}
    row, rest = rehearsal.row, rehearsal.rest
    terms = analysed(index.analyser, query)
    for name, view in VIEWS.items():
        text = analysed_by(view, index.analyser, view.part(rest))
        raw[name][row] = index.impacts[name].score_of(text, terms[name])
    cosine = scoring.cosine.copy()
    if vector is not None and changed is not None and index.vectors is not None:
        own = _meaning(index.vectors, rehearsal, vector, changed)
        raw["article"][row], raw["title"][row], raw["passage"][row], cosine[row] = own
    return replace(scoring, raw=raw, standard=standardised(raw), cosine=cosine)


def _of_page(row: int, page: Page, chance: random.Random) -> Iterator[Rehearsal]:
    """The queries of one page: a question, the title, a sentence, then the other questions."""
    questions = list(enumerate(page.questions))
    chance.shuffle(questions)
    if questions:
        yield _question(row, page, *questions[0])
    if page.article.title and page.body.strip():
        untitled = replace(page, article=replace(page.article, title=""))
        firsts = tuple(range(len(page.passages)))[:_PASSAGES_WITHOUT_TITLE]
        yield Rehearsal(page.article.title, row, untitled, changed=firsts, untitled=True)
    yield from _sentence(row, page, chance)
    for at, text in questions[1:]:
        yield _question(row, page, at, text)


def _question(row: int, page: Page, at: int, text: str) -> Rehearsal:
    others = tuple(q for n, q in enumerate(page.questions) if n != at)
    rest = replace(page, article=replace(page.article, answers=others), learned=())
    return Rehearsal(text, row, rest, question=at)


def _sentence(row: int, page: Page, chance: random.Random) -> Iterator[Rehearsal]:
    candidates = [
        (at, sentence)
        for at, passage in enumerate(page.passages)
        for sentence in sentences(passage.text)
        if len(sentence.split()) in _WORDS_OF_A_SENTENCE
    ]
    if len(candidates) < 2:
        return
    at, sentence = chance.choice(candidates)
    passage = page.passages[at]
    kept = "\n".join(s for s in sentences(passage.text) if s != sentence)
    rest = [*page.passages[:at], Passage(passage.section, passage.heading, kept)]
    without = replace(page, passages=(*rest, *page.passages[at + 1 :]))
    yield Rehearsal(sentence, row, without, changed=(at,))


def _meaning(
    vectors: VectorIndex, rehearsal: Rehearsal, query: NDArray[np.float32], changed: Vectors
) -> tuple[float, float, float, float]:
    """Of the rest: cosine of its mean, of its title, closeness, cosine of its nearest text."""
    row = rehearsal.row
    passages = np.array(vectors.passages[vectors.starts[row] : vectors.starts[row + 1]])
    title = vectors.titles[row]
    if rehearsal.untitled:
        passages, title = changed[:-1], changed[-1]
    else:
        passages[list(rehearsal.changed)] = changed
    asked = vectors.question_starts
    questions = np.array(vectors.questions[asked[row] : asked[row + 1]])
    if rehearsal.question >= 0:
        questions = np.delete(questions, rehearsal.question, axis=0)
    mean = article_mean(passages, questions)
    cosines = np.concatenate([passages @ query, questions @ query])
    nearest = float(cosines.max(initial=-1.0))
    return float(mean @ query), float(title @ query), closeness(cosines), nearest
