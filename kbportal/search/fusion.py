"""Several opinions about every article, made comparable and added up.

Each signal is standardised per query: how many standard deviations above the average article it
puts this one. That makes a cosine and a BM25 score comparable without knowing either's scale,
and makes weights carry from one corpus to another (measured on eleven sets: better than raw
scores and than scores divided by the best).

Source of score standardisation in fusion: Wu, Crestani & Bi, Evaluating Score Normalization
Methods in Data Fusion, AIRS 2006.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

_FLAT = 1e-6


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts; only their ratios matter.

    Attributes:
        words: BM25 of lemma stems over the whole article.
        grams: BM25 of character 4-grams over the whole article.
        lead_words: As `words`, over title, known questions and first words only.
        lead_grams: As `grams`, over the same.
        article: Cosine with the mean of the article's passages.
        passage: Cosine with its best passage or known question.
    """

    words: float
    grams: float
    lead_words: float
    lead_grams: float
    article: float
    passage: float


SIGNALS: tuple[str, ...] = tuple(field.name for field in fields(Weights))
KEYWORD_SIGNALS = ("words", "grams", "lead_words", "lead_grams")
MEANING_SIGNALS = ("article", "passage")


def standardise(scores: Scores) -> Scores:
    """Scores as standard deviations above their mean; all zero when they do not differ.

    Args:
        scores: (articles,) float32.
    """
    deviation = float(scores.std())
    if deviation < _FLAT:
        return np.zeros_like(scores)
    standard: Scores = (scores - scores.mean()) / deviation
    return standard


def fuse(signals: Mapping[str, Scores], weights: Weights) -> Scores:
    """The weighted sum of standardised signals; absent ones count nothing.

    Args:
        signals: By name of `SIGNALS`, each (articles,) float32, standardised.
    """
    total = np.zeros_like(next(iter(signals.values())))
    for name, scores in signals.items():
        total += getattr(weights, name) * scores
    return total
