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
# A library of fewer articles is scored as if it had this many: among two, the better one can
# never stand out.
FEWEST = 30


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts; only their ratios matter.

    Attributes:
        words: BM25 of lemma stems over the whole article.
        heads: BM25 of the first letters of words over the whole article.
        grams: BM25 of character 4-grams over the whole article.
        lead_grams: As `grams`, over title, summary and first words only.
        title_grams: Cosine of character 4-grams with the title.
        article: Cosine with the mean of the article's passages.
        title: Cosine with its title.
        passage: Closeness of its passages and of the questions that it is known to answer.
    """

    words: float
    heads: float
    grams: float
    lead_grams: float
    title_grams: float
    article: float
    title: float
    passage: float


SIGNALS: tuple[str, ...] = tuple(field.name for field in fields(Weights))
KEYWORD_SIGNALS = SIGNALS[:5]
MEANING_SIGNALS = SIGNALS[5:]


def standardise(scores: Scores) -> Scores:
    """Scores as standard deviations above their mean; all zero when they do not differ.

    Args:
        scores: (articles,) float32.
    """
    middle, deviation = scale(scores)
    standard: Scores = ((scores - middle) / deviation).astype(np.float32)
    return standard


def scale(scores: Scores) -> tuple[float, float]:
    """Mean and standard deviation of scores, in a small library as if more articles had none.

    The deviation of scores that do not differ is given as infinite.
    """
    missing = max(FEWEST - len(scores), 0)
    everything = np.concatenate([scores, np.zeros(missing, dtype=scores.dtype)])
    deviation = float(everything.std())
    return float(everything.mean()), deviation if deviation >= _FLAT else np.inf


def fuse(signals: Mapping[str, Scores], weights: Weights) -> Scores:
    """The weighted sum of standardised signals; absent ones count nothing.

    Args:
        signals: By name of `SIGNALS`, each (articles,) float32, standardised.
    """
    total = np.zeros_like(next(iter(signals.values())))
    for name, scores in signals.items():
        total += getattr(weights, name) * scores
    return total
