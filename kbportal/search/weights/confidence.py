"""How likely it is that a hit answers, so that nothing is shown rather than something wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from kbportal.search.weights.trust import FULL_TRUST, NO_TRUST, SOME_TRUST, between

# Of the wrong hits in rehearsal, the share that the floor stops ...
STOPPED = 0.6
# ... unless that would stop more than the rest of the right ones,
KEPT = 0.9
# and never a hit that is this likely to be right; what is less likely than one in ten never shows.
HIGHEST_FLOOR = 0.2
LOWEST_FLOOR = 0.1

_NEVER = 30.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one hit being an answer.

    Attributes:
        prominence: Its fused score: standard deviations above the average article.
        lead: By how much that exceeds the average of the three hits that follow.
        cosine: Of the query with its nearest passage or question; 0 without a model.
        spelling: BM25 of the query's character 4-grams there, over their total information.
    """

    prominence: float
    lead: float
    cosine: float
    spelling: float


@dataclass(frozen=True, slots=True)
class _Belief:
    """Coefficients of a logistic regression over `Evidence`."""

    prominence: float
    lead: float
    cosine: float
    spelling: float
    bias: float


# Fits on real queries of three English and nine other data sets, each asked with and without the
# right article in the corpus (docs/decisions/0014).
_FLUENT = _Belief(prominence=0.36, lead=1.18, cosine=5.8, spelling=0.23, bias=-6.6)
_FOREIGN = _Belief(prominence=0.02, lead=0.74, cosine=2.2, spelling=1.37, bias=-4.55)
_KEYWORDS = _Belief(prominence=0.02, lead=0.52, cosine=0.0, spelling=1.75, bias=-3.64)


@dataclass(frozen=True, slots=True)
class Confidence:
    """The least chance that is shown.

    Attributes:
        floor: With the model.
        keyword_floor: Without it.
    """

    floor: float = 0.15
    keyword_floor: float = 0.15


def chance(evidence: Evidence, trust: float) -> float:
    """Between 0 and 1: the chance that a hit is right, with a model that is trusted so much."""
    belief = _belief(trust)
    total = belief[-1] + float(np.dot(belief[:-1], astuple(evidence)))
    return float(1 / (1 + np.exp(-np.clip(total, -_NEVER, _NEVER))))


def fit_floor(right: Sequence[Evidence], wrong: Sequence[Evidence], trust: float) -> float:
    """A floor that stops most wrong hits of the rehearsal, and few right ones."""
    if not right or not wrong:
        return Confidence().floor
    stops = float(np.quantile([chance(one, trust) for one in wrong], STOPPED))
    keeps = float(np.quantile([chance(one, trust) for one in right], 1 - KEPT))
    return round(max(min(stops, keeps, HIGHEST_FLOOR), LOWEST_FLOOR), 4)


def _belief(trust: float) -> list[float]:
    points = ((NO_TRUST, _KEYWORDS), (SOME_TRUST, _FOREIGN), (FULL_TRUST, _FLUENT))
    return between([(at, astuple(belief)) for at, belief in points], trust)
