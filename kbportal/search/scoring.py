"""From a typed text to scores for every article of one language: the hot path of the portal.

Two steps keep it fast on large corpora: keywords and article means score everything; single
passages are compared only for the articles that are ahead then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kbportal.search.analysis import grams
from kbportal.search.confidence import Evidence
from kbportal.search.fusion import Scores, Weights, fuse, standardise
from kbportal.search.language import LanguageIndex
from kbportal.search.vectors import VectorIndex

CANDIDATES = 100

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scoring:
    """What is known of every article for one query.

    Attributes:
        raw: Scores by signal on their own scale, each (articles,) float32.
        standard: The same signals standardised; `passage` only where there is a vector.
        best_passage: (articles,) int64, row of the best passage, -1 where none was compared.
        information: By "words" and "grams", the most that the query's terms could tell.
    """

    raw: dict[str, Scores]
    standard: dict[str, Scores]
    best_passage: NDArray[np.int64]
    information: dict[str, float]

    def fused(self, weights: Weights) -> Scores:
        return fuse(self.standard, weights)

    def evidence(self, article: int, fused: Scores) -> Evidence:
        """What speaks for this article being an answer."""
        spread = float(fused.std()) or 1.0
        behind = np.delete(fused, article)
        behind = behind[behind <= fused[article]]
        next_one = float(behind.max()) if len(behind) else float(fused[article])
        return Evidence(
            prominence=float(fused[article] - fused.mean()) / spread / 3,
            lead=float(fused[article] - next_one) / spread,
            cosine=float(self.raw["passage"][article]) / 0.2 if "passage" in self.raw else 0.0,
            coverage=self._share("words", article) / 0.3,
            spelling=self._share("grams", article) / 0.3,
        )

    def _share(self, signal: str, article: int) -> float:
        if signal not in self.raw or not self.information[signal]:
            return 0.0
        return float(self.raw[signal][article]) / self.information[signal]


def score(
    index: LanguageIndex, text: str, *, vector: Vector | None, keywords: bool = True
) -> Scoring:
    """Score all articles of a language.

    Args:
        text: As typed, within limits.
        vector: The encoded text, or None to go by keywords alone.
        keywords: False to go by meaning alone.
    """
    size = len(index.articles)
    raw: dict[str, Scores] = {}
    information: dict[str, float] = {}
    if keywords:
        terms, pieces = index.analyser.terms(text), grams(text)
        raw = {
            "words": index.words.score(terms),
            "grams": index.grams.score(pieces),
            "lead_words": index.lead_words.score(terms),
            "lead_grams": index.lead_grams.score(pieces),
        }
        information = {
            "words": index.words.information(terms),
            "grams": index.grams.information(pieces),
        }
    standard = {name: standardise(scores) for name, scores in raw.items()}
    best_passage = np.full(size, -1, dtype=np.int64)
    if vector is not None and index.vectors is not None and size:
        raw["article"] = index.vectors.article_scores(vector)
        standard["article"] = standardise(raw["article"])
        ahead = _ahead(standard, index.calibration.weights)
        raw["passage"], best_passage[ahead] = _passages(index.vectors, vector, raw, ahead)
        standard["passage"] = _on_scale_of(raw["article"], raw["passage"])
    return Scoring(raw, standard, best_passage, information)


def standardised(raw: dict[str, Scores]) -> dict[str, Scores]:
    """All signals made comparable; `passage` on the scale of `article`, of which it is a part."""
    standard = {name: standardise(scores) for name, scores in raw.items() if name != "passage"}
    if "passage" in raw:
        standard["passage"] = _on_scale_of(raw["article"], raw["passage"])
    return standard


def _ahead(standard: dict[str, Scores], weights: Weights) -> NDArray[np.int64]:
    """Rows of the articles whose passages are worth comparing."""
    first = fuse(standard, weights) + weights.passage * standard["article"]
    if len(first) <= CANDIDATES:
        return np.arange(len(first))
    return np.argpartition(first, -CANDIDATES)[-CANDIDATES:]


def _passages(
    vectors: VectorIndex, vector: Vector, raw: dict[str, Scores], ahead: NDArray[np.int64]
) -> tuple[Scores, NDArray[np.int64]]:
    """Best cosine per article (its mean's where passages were not compared), rows for `ahead`."""
    cosines = raw["article"].copy()
    found, rows = vectors.best_passages(vector, ahead)
    cosines[ahead] = found
    questions = vectors.best_questions(vector, len(cosines))
    return np.maximum(cosines, questions), rows


def _on_scale_of(reference: Scores, scores: Scores) -> Scores:
    """Standardised as `reference` is, so that comparing few passages shifts no average."""
    deviation = float(reference.std())
    scaled: Scores = (scores - reference.mean()) / (deviation or 1.0)
    return scaled
