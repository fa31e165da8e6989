"""The articles of one language in order for one query, and how each is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kbportal.articles.shelf import PassageRow, Shelf
from kbportal.search.fusion import MEANING_SIGNALS, Scores
from kbportal.search.language import LanguageIndex
from kbportal.search.results import Hit
from kbportal.search.scoring import Scoring
from kbportal.search.snippets import snippet
from kbportal.search.vectors import Rows

# A hit much less likely than the first one is noise beside it.
_LEAST_SHARE = 0.35
# Below this cosine two texts have nothing to do with each other.
_LEAST_COSINE = 0.15
# From this weight on the model is taken to know the language.
_TRUSTED_WEIGHT = 0.2
_MOST_PASSAGES = 40


@dataclass(frozen=True, slots=True)
class Ranking:
    """One query's articles, best first.

    Attributes:
        order: Rows of the articles that match at all; ties in row order.
    """

    shelf: Shelf
    index: LanguageIndex
    query: str
    scoring: Scoring
    fused: Scores
    order: Rows

    def hits(self, *, offset: int, limit: int) -> tuple[Hit, ...]:
        """A page of hits."""
        return self._shown([int(row) for row in self.order[offset : offset + limit]])

    def confident_hits(self, limit: int) -> tuple[Hit, ...]:
        """The best hits, none if the first is not good enough, without much weaker ones."""
        if not len(self.order):
            return ()
        first = self._confidence(int(self.order[0]))
        if first < self.index.calibration.confidence.floor:
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
        return tuple(self._hit(row, float(at)) for row, at in zip(rows, scores, strict=False))

    def _confidence(self, row: int) -> float:
        return self.index.calibration.confidence.of(self.scoring.evidence(row, self.fused))

    def _hit(self, row: int, score: float) -> Hit:
        article_id = self.index.articles[row]
        card = self.shelf.card(article_id)
        if card is None:
            raise LookupError(f"{article_id} is in the index but not on the public shelf")
        passages = self._passages(row)
        texts = [passage.text or card.summary or card.title for passage in passages]
        at, sentence = snippet(texts, self.query, self.index.analyser.term, self.index.words.worth)
        best = passages[at]
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

    def _passages(self, row: int) -> list[PassageRow]:
        """Passages to show a sentence of, the nearest in meaning first.

        Where the model knows the language only that one counts; elsewhere words decide.
        """
        passages = self.shelf.passages_of(self.index.articles[row])
        best = self._best_passage(row)
        nearest = [passage for passage in passages if passage.number == best]
        if nearest and self.index.calibration.weights.passage >= _TRUSTED_WEIGHT:
            return nearest
        return [*nearest, *passages[:_MOST_PASSAGES]]

    def _best_passage(self, row: int) -> int:
        """The number within the article of the passage nearest in meaning, -1 if none is."""
        best = int(self.scoring.best_passage[row])
        if best < 0 or self.index.vectors is None:
            return -1
        return best - int(self.index.vectors.starts[row])


def ranked(shelf: Shelf, index: LanguageIndex, query: str, scoring: Scoring) -> Ranking:
    """Put a language's articles in order by its calibrated weights."""
    fused = scoring.fused(index.calibration.weights)
    matched = np.zeros(len(fused), dtype=bool)
    for name, raw in scoring.raw.items():
        matched |= raw > (_LEAST_COSINE if name in MEANING_SIGNALS else 0.0)
    rows = np.flatnonzero(matched)
    order = rows[np.argsort(-fused[rows], kind="stable")]
    return Ranking(shelf, index, query, scoring, fused, order)
