"""The articles of one language in order for one query, and how each is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kbportal.articles.shelf import ArticleCard, PassageRow, Shelf
from kbportal.search.index.language import LanguageIndex
from kbportal.search.index.vectors import Rows
from kbportal.search.query.results import Hit
from kbportal.search.query.scoring import Scoring
from kbportal.search.query.snippets import Wanted, plain_snippet, snippet
from kbportal.search.weights.calibration import Calibration
from kbportal.search.weights.fusion import MEANING_SIGNALS, Scores

# A hit much less likely than the first one is noise beside it.
_LEAST_SHARE = 0.35
# Below this cosine two texts have nothing to do with each other.
_LEAST_COSINE = 0.15
# From here on the model is taken to know the language.
_TRUSTED = 0.4
_MOST_PASSAGES = 40
MOST_ORDERED = 500
# Of the information in a query's 4-grams: below this share an article has them by chance.
_SPELT_ALIKE = 0.1
# By meaning alone: the chance of being right, as strings of letters are a little like something.
_SURELY_MEANT = 0.25


@dataclass(frozen=True, slots=True)
class Ranking:
    """One query's articles, best first.

    Attributes:
        calibration: Of the index, or of an index without a model where meaning was not used.
        order: Rows of the articles that match at all; ties in row order.
    """

    shelf: Shelf
    index: LanguageIndex
    query: str
    scoring: Scoring
    calibration: Calibration
    fused: Scores
    order: Rows

    @property
    def means_something(self) -> bool:
        """Whether an article has a word of the query, much of its spelling, or its meaning."""
        raw = self.scoring.raw
        if not len(self.order) or "words" not in raw:
            return bool(len(self.order))
        if raw["words"].any():
            return True
        spelling = float(raw["grams"].max()) / max(self.scoring.information["grams"], 1e-9)
        return spelling >= _SPELT_ALIKE or self._confidence(int(self.order[0])) >= _SURELY_MEANT

    def hits(self, *, offset: int, limit: int) -> tuple[Hit, ...]:
        """A page of hits."""
        return self._shown([int(row) for row in self.order[offset : offset + limit]])

    def confident_hits(self, limit: int) -> tuple[Hit, ...]:
        """The best hits, none if the first is not good enough, without much weaker ones."""
        if not len(self.order):
            return ()
        first = self._confidence(int(self.order[0]))
        if first < self.calibration.floor:
            return ()
        best = [int(row) for row in self.order[:limit]]
        return self._shown([r for r in best if self._confidence(r) >= first * _LEAST_SHARE])

    def only(self, allowed: set[str]) -> Ranking:
        """The same without the articles whose id is not allowed."""
        kept = [row for row in self.order if self.index.articles[row] in allowed]
        return replace(self, order=np.array(kept, dtype=np.int64))

    def _shown(self, rows: Sequence[int]) -> tuple[Hit, ...]:
        """Hits whose scores never rise, although rank and confidence are learnt apart."""
        scores = np.minimum.accumulate([self._confidence(row) for row in rows] or [0.0])
        wanted = Wanted(self.query, self.index.analyser.term, self.index.words.worths)
        return tuple(
            self._hit(row, float(at), wanted) for row, at in zip(rows, scores, strict=False)
        )

    def _confidence(self, row: int) -> float:
        return self.calibration.chance(self.scoring.evidence(row, self.fused))

    def _hit(self, row: int, score: float, wanted: Wanted) -> Hit:
        article_id = self.index.articles[row]
        card = self.shelf.card(article_id)
        if card is None:
            raise LookupError(f"{article_id} is in the index but not on the public shelf")
        best, sentence = self._best_passage(row, card, wanted)
        return Hit(
            article_id=article_id,
            lang=card.lang,
            slug=card.slug,
            title=card.title,
            category=card.category,
            section=best.section,
            heading=best.heading,
            snippet=sentence,
            score=round(score, 4),
            updated=card.updated,
        )

    def _best_passage(self, row: int, card: ArticleCard, wanted: Wanted) -> tuple[PassageRow, str]:
        """The passage that answers best, and its best sentence as safe HTML.

        Where the model knows the language the nearest in meaning, if it has a word of the query;
        elsewhere words decide. An article without any is explained by its summary.
        """
        passages = self.shelf.passages_of(self.index.articles[row])[:_MOST_PASSAGES]
        best = self._nearest(row)
        passages.sort(key=lambda passage: passage.number != best)
        texts = [passage.text or card.summary or card.title for passage in passages]
        if best >= 0 and self.calibration.trust >= _TRUSTED:
            shown = snippet(texts[:1], wanted)
            if shown.matches:
                return passages[0], shown.html
        headings = [passage.heading for passage in passages]
        shown = snippet(texts, wanted, headings=headings)
        if shown.matches or not card.summary:
            return passages[shown.passage], shown.html
        return passages[0], plain_snippet(card.summary)

    def _nearest(self, row: int) -> int:
        """The number within the article of the passage nearest in meaning, -1 if none is."""
        best = int(self.scoring.best_passage[row])
        if best < 0 or self.index.vectors is None:
            return -1
        return best - int(self.index.vectors.starts[row])


def ranked(
    shelf: Shelf, index: LanguageIndex, query: str, scoring: Scoring, *, fertility: float
) -> Ranking:
    """Put a language's articles in order by its calibrated weights.

    Args:
        fertility: Tokens per word of the query, by the model's tokenizer.
    """
    known = index.calibration
    calibration = known.for_query(fertility) if "passage" in scoring.raw else known.without_model()
    fused = scoring.fused(calibration.weights)
    matched = np.zeros(len(fused), dtype=bool)
    for name, raw in scoring.raw.items():
        matched |= raw > (_LEAST_COSINE if name in MEANING_SIGNALS else 0.0)
    rows = np.flatnonzero(matched)
    order = rows[in_order(fused[rows])]
    return Ranking(shelf, index, query, scoring, calibration, fused, order)


def in_order(scores: Scores) -> Rows:
    """Places of the scores, highest first, ties in order.

    Of many only the first ones are put in order: nobody turns that many pages, and sorting ten
    thousand takes as long as adding up all their words.
    """
    if len(scores) <= MOST_ORDERED:
        return np.argsort(-scores, kind="stable")
    least = np.partition(scores, -MOST_ORDERED)[-MOST_ORDERED]
    first = np.flatnonzero(scores >= least)
    ordered = first[np.argsort(-scores[first], kind="stable")]
    return np.concatenate([ordered, np.flatnonzero(scores < least)])
