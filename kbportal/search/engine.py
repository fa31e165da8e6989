"""Search and suggest over one generation: the answers that customers get."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

import numpy as np

from kbportal.articles.shelf import ArticleCard, PassageRow
from kbportal.embedding.ports import ModelUnusable
from kbportal.kernel.text import normalise
from kbportal.search.analysis import within_limits, words
from kbportal.search.fusion import MEANING_SIGNALS, Scores
from kbportal.search.generation import Generation
from kbportal.search.language import LanguageIndex
from kbportal.search.scoring import Scoring, Vector, score
from kbportal.search.snippets import snippet
from kbportal.search.vectors import Rows

SHORTEST = 3
# A hit much less likely than the first one is noise beside it.
_LEAST_SHARE = 0.35
# Below this cosine two texts have nothing to do with each other.
_LEAST_COSINE = 0.15
# From this weight on the model is taken to know the language.
_TRUSTED_WEIGHT = 0.2
_MOST_PASSAGES = 40
_QUOTED = re.compile(r'["„“”«»]([^"„“”«»]{2,200})["„“”«»]')

log = logging.getLogger(__name__)


class Mode(StrEnum):
    """Which signals count."""

    HYBRID = "hybrid"
    KEYWORD = "keyword"
    SEMANTIC = "semantic"


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that was found, at its best section.

    Attributes:
        section: Anchor within the page, "" for its top.
        snippet: Safe HTML, everything escaped but `<mark>`.
        score: Confidence between 0 and 1.
    """

    article_id: str
    lang: str
    slug: str
    title: str
    category: str
    section: str
    heading: str
    snippet: str
    score: float
    updated: date | None

    @property
    def url(self) -> str:
        return f"/{self.lang}/articles/{self.slug}" + (f"#{self.section}" if self.section else "")


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one query.

    Attributes:
        degraded: Why meaning was not used, or None.
        total: How many articles matched at all.
        correction: The query as it was probably meant, or None.
        fallback: Hits in another language, to be labelled as such.
    """

    query: str
    lang: str
    mode: Mode
    degraded: str | None
    took_ms: float
    hits: tuple[Hit, ...]
    total: int
    generation: str
    ranker: str
    correction: str | None = None
    fallback: tuple[Hit, ...] = ()


class Engine:
    """Answers queries from one generation; any number of threads may share it."""

    def __init__(self, generation: Generation, *, fallback_lang: str = "") -> None:
        self._generation = generation
        self._fallback_lang = fallback_lang

    def search(
        self, text: str, *, lang: str, limit: int = 10, offset: int = 0, mode: Mode = Mode.HYBRID
    ) -> Results:
        """Every article that matches, best first. Never raises on any text."""
        started = time.perf_counter()
        found = self._ranked(text, lang, mode)
        hits = tuple(found.hit(row) for row in found.order[offset : offset + limit])
        return self._results(text, lang, mode, found, hits, started)

    def suggest(
        self, text: str, *, lang: str, limit: int = 3, mode: Mode = Mode.HYBRID
    ) -> Results:
        """What may answer a text still being typed; nothing, when nothing is good enough.

        Where the language has no good answer, one of the fallback language may stand in
        `fallback`. Never raises on any text.
        """
        started = time.perf_counter()
        if len(normalise(text)) < SHORTEST:
            empty = _Ranked.nothing(self._generation, text, self._degraded(mode))
            return self._results(text, lang, mode, empty, (), started)
        found = self._ranked(text, lang, mode)
        hits = found.confident(limit)
        results = self._results(text, lang, mode, found, hits, started)
        if hits or self._fallback_lang in ("", lang):
            return results
        other = self._ranked(text, self._fallback_lang, mode).confident(1)
        return replace(results, fallback=other)

    def corrected(self, text: str, *, lang: str) -> str | None:
        """The text with words that no article has replaced by the nearest that one has."""
        index = self._generation.languages.get(lang)
        if index is None:
            return None
        changed = False
        kept: list[str] = []
        for word in words(within_limits(text)):
            nearest = None
            if len(word) > SHORTEST and not index.whoosh.is_spelt(word):
                nearest = index.whoosh.correction(word)
            changed |= nearest is not None
            kept.append(nearest or word)
        return " ".join(kept) if changed else None

    def find_for_staff(self, query: str, *, lang: str, limit: int = 20) -> list[ArticleCard]:
        """Articles by a staff query: words, "phrases", title:…, OR, NOT. Drafts included."""
        index = self._generation.languages.get(lang)
        if index is None:
            return []
        found = index.whoosh.find(query, index.analyser.term, limit=limit)
        cards = (self._generation.shelf.card(one, audience="staff") for one in found)
        return [card for card in cards if card]

    def _ranked(self, text: str, lang: str, mode: Mode) -> _Ranked:
        index = self._generation.languages.get(lang)
        query = within_limits(text)
        vector, degraded = self._encode(text, mode)
        if index is None or not query or not index.articles:
            return _Ranked.nothing(self._generation, query, degraded)
        if mode is Mode.SEMANTIC and vector is None:
            return _Ranked.nothing(self._generation, query, degraded)
        scoring = score(index, query, vector=vector, keywords=mode is not Mode.SEMANTIC)
        fused = scoring.fused(index.calibration.weights)
        order = _matching(scoring, fused)
        phrases = [index.analyser.terms(quoted) for quoted in _QUOTED.findall(text[:512])]
        if phrases and mode is not Mode.SEMANTIC:
            allowed = index.whoosh.with_phrases(phrases)
            order = np.array([row for row in order if index.articles[row] in allowed], dtype=int)
        return _Ranked(self._generation, query, degraded, index, scoring, fused, order)

    def _encode(self, text: str, mode: Mode) -> tuple[Vector | None, str | None]:
        degraded = self._degraded(mode)
        encoder = self._generation.encoder
        if mode is Mode.KEYWORD or encoder is None:
            return None, degraded
        try:
            return encoder.encode(normalise(text[:2000])), None
        except ModelUnusable as error:
            return None, error.code
        except Exception:  # the model's runtime has faults of its own; keywords still answer
            log.exception("The query encoder failed; searching by keywords")
            return None, "encoder_failed"

    def _degraded(self, mode: Mode) -> str | None:
        return (self._generation.degraded or None) if mode is not Mode.KEYWORD else None

    def _results(
        self,
        text: str,
        lang: str,
        mode: Mode,
        found: _Ranked,
        hits: tuple[Hit, ...],
        started: float,
    ) -> Results:
        return Results(
            query=normalise(text[:512]),
            lang=lang,
            mode=mode,
            degraded=found.degraded,
            took_ms=round((time.perf_counter() - started) * 1000, 2),
            hits=hits,
            total=len(found.order),
            generation=self._generation.id,
            ranker=str(self._generation.manifest["ranker"]),
        )


@dataclass(frozen=True, slots=True)
class _Ranked:
    """The articles of one language in order, and what is needed to show them."""

    generation: Generation
    query: str
    degraded: str | None
    index: LanguageIndex | None = None
    scoring: Scoring | None = None
    fused: Scores | None = None
    order: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @classmethod
    def nothing(cls, generation: Generation, query: str, degraded: str | None) -> _Ranked:
        return cls(generation, query, degraded)

    def confident(self, limit: int) -> tuple[Hit, ...]:
        """The best hits, none if the first is not good enough, without much weaker ones."""
        if not len(self.order) or self.index is None:
            return ()
        first = self.confidence(int(self.order[0]))
        if first < self.index.calibration.confidence.floor:
            return ()
        return tuple(
            self.hit(int(row))
            for row in self.order[:limit]
            if self.confidence(int(row)) >= first * _LEAST_SHARE
        )

    def confidence(self, row: int) -> float:
        assert self.index and self.scoring and self.fused is not None  # noqa: S101
        return self.index.calibration.confidence.of(self.scoring.evidence(row, self.fused))

    def hit(self, row: int) -> Hit:
        assert self.index and self.scoring  # noqa: S101
        article_id = self.index.articles[row]
        card = self.generation.shelf.card(article_id)
        if card is None:
            raise LookupError(f"{article_id} is in the index but not on the public shelf")
        passages = self._passages(row)
        texts = [passage.text for passage in passages] or [card.summary or card.title]
        at, sentence = snippet(texts, self.query, self.index.analyser.term)
        best = passages[at] if passages else None
        return Hit(
            article_id=article_id,
            lang=card.lang,
            slug=card.slug,
            title=card.title,
            category=card.category,
            section=best.section if best else "",
            heading=best.heading if best else "",
            snippet=sentence,
            score=round(self.confidence(row), 4),
            updated=card.updated,
        )

    def _passages(self, row: int) -> list[PassageRow]:
        """Passages to show a sentence of, the nearest in meaning first.

        Where the model knows the language only that one counts; elsewhere words decide.
        """
        assert self.index and self.scoring  # noqa: S101
        passages = self.generation.shelf.passages_of(self.index.articles[row])
        best = int(self.scoring.best_passage[row])
        nearest = [passage for passage in passages if passage.row == best]
        if nearest and self.index.calibration.weights.passage >= _TRUSTED_WEIGHT:
            return nearest
        return [*nearest, *passages[:_MOST_PASSAGES]]


def _matching(scoring: Scoring, fused: Scores) -> Rows:
    """Rows that match at all, best first; ties in row order."""
    matched = np.zeros(len(fused), dtype=bool)
    for name, raw in scoring.raw.items():
        matched |= raw > (_LEAST_COSINE if name in MEANING_SIGNALS else 0.0)
    rows = np.flatnonzero(matched)
    return rows[np.argsort(-fused[rows], kind="stable")]
