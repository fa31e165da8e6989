"""From a typed text to scores for every article of one language: the hot path of the portal.

Two steps keep it fast on large corpora: keywords and article means score everything; passages,
questions and titles are compared only for the articles that are ahead then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kbportal.search.index.language import LanguageIndex, analysed
from kbportal.search.index.vectors import Rows, VectorIndex
from kbportal.search.weights.confidence import Evidence
from kbportal.search.weights.fusion import (
    KEYWORD_SIGNALS,
    Scores,
    Weights,
    fuse,
    scale,
    standardise,
)

# Rows of passages and questions that are compared: a library of this size in whole (a matter of
# one millisecond), of a larger one those of the articles that are ahead.
COMPARED_WHOLE = 8000
COMPARED_AHEAD = 3000

_FOLLOWERS = 3

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scoring:
    """What is known of every article for one query.

    Attributes:
        raw: Scores by signal on their own scale, each (articles,) float32.
        standard: The same signals standardised; those by meaning only where there is a vector.
        cosine: (articles,) float32, of the nearest passage or question, 0 where none was compared.
        best_passage: (articles,) int64, row of the nearest passage, -1 where none was compared.
        information: By "grams", the most that the query's terms could tell.
    """

    raw: dict[str, Scores]
    standard: dict[str, Scores]
    cosine: Scores
    best_passage: Rows
    information: dict[str, float]

    def fused(self, weights: Weights) -> Scores:
        return fuse(self.standard, weights)

    def evidence(self, article: int, fused: Scores) -> Evidence:
        """What speaks for this article being an answer."""
        total = self.information.get("grams", 0.0)
        return Evidence(
            prominence=float(fused[article]),
            lead=float(fused[article]) - _followers(fused, article),
            cosine=float(self.cosine[article]),
            spelling=float(self.raw["grams"][article]) / total if total else 0.0,
        )


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
        terms = analysed(index.analyser, text)
        raw = {name: index.impacts[name].score(found) for name, found in terms.items()}
        information = {"grams": index.grams.information(terms["grams"])}
    cosine = np.zeros(size, dtype=np.float32)
    best_passage = np.full(size, -1, dtype=np.int64)
    if vector is not None and index.vectors is not None and size:
        raw["article"] = index.vectors.article_scores(vector)
        ahead = _ahead(index.vectors, standardised(raw), index.calibration.weights)
        near = index.vectors.nearness(vector, ahead)
        cosine[ahead], best_passage[ahead] = near.cosine, near.passage
        for name, scores in (
            ("passage", near.closeness),
            ("title", index.vectors.title_scores(vector, ahead)),
        ):
            # The mean stands in for what is not compared; it is far behind anyway.
            raw[name] = raw["article"].copy()
            raw[name][ahead] = scores
    return Scoring(raw, standardised(raw), cosine, best_passage, information)


def standardised(raw: dict[str, Scores]) -> dict[str, Scores]:
    """All signals made comparable; those by meaning on one scale, that of the article means."""
    standard = {name: standardise(raw[name]) for name in raw if name in KEYWORD_SIGNALS}
    if "article" in raw:
        middle, deviation = scale(raw["article"])
        for name in raw.keys() - standard.keys():
            standard[name] = ((raw[name] - middle) / deviation).astype(np.float32)
    return standard


def _followers(fused: Scores, article: int) -> float:
    """The mean score of the three hits that follow; a small library is filled with average ones."""
    own = float(fused[article])
    upto = fused[fused <= fused[article]]
    if len(upto) <= _FOLLOWERS:
        upto = np.concatenate([upto, np.zeros(_FOLLOWERS, dtype=fused.dtype)])
    best = np.partition(upto, -_FOLLOWERS - 1)[-_FOLLOWERS - 1 :]
    return (float(best.sum()) - own) / _FOLLOWERS


def _ahead(vectors: VectorIndex, standard: dict[str, Scores], weights: Weights) -> Rows:
    """Rows of the articles that are worth a closer look: all of them in a small library."""
    if len(vectors.passages) + len(vectors.questions) <= COMPARED_WHOLE:
        return np.arange(len(vectors.means))
    first = fuse(standard, weights)
    # What only a closer look can tell is expected to agree with the mean.
    first = first + (weights.title + weights.passage) * standard["article"]
    likely = min(len(first), COMPARED_AHEAD)
    order = np.argpartition(-first, likely - 1)[:likely]
    order = order[np.argsort(-first[order])]
    enough = int(np.searchsorted(np.cumsum(vectors.rows[order]), COMPARED_AHEAD)) + 1
    return np.sort(order[:enough])
