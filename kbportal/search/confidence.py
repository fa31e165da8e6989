"""How likely it is that a hit answers, so that nothing is shown rather than something wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

# Right answers that the floor lets through, of those found in rehearsal. Higher shows more
# wrong ones: on the Banking77 set without 15 of its topics, 0.95, 0.90 and 0.85 keep quiet on
# 25, 45 and 62 % of the texts that nothing answers.
KEPT = 0.93

_PRIOR_STRENGTH = 1.0
_FEWEST = 20
# Where right and wrong lie far apart, as in a small library, the floor need not be higher than
# nearly all wrong ones.
_STOPPED = 0.98
_NEVER = 30.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one hit being an answer, each about 1 for a middling one.

    Attributes:
        prominence: Standard deviations of its fused score above the average article, over 3.
        lead: Standard deviations above the next article that follows it.
        cosine: Of the query with its best passage, over 0.2; 0 without a model.
        coverage: BM25 of the query's words there, over their total information, over 0.3.
        spelling: The same for character 4-grams.
    """

    prominence: float
    lead: float
    cosine: float
    coverage: float
    spelling: float

    def values(self) -> list[float]:
        return [float(getattr(self, field.name)) for field in fields(self)]


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic regression over `Evidence`, and the least confidence that is shown.

    The starting values are the common fit of seven data sets in five languages.
    """

    prominence: float = 1.18
    lead: float = 0.33
    cosine: float = 0.32
    coverage: float = 0.23
    spelling: float = -0.1
    bias: float = -4.57
    floor: float = 0.13

    def of(self, evidence: Evidence) -> float:
        """Between 0 and 1: the chance that the hit is a right one."""
        total = float(np.dot(self._coefficients(), evidence.values()) + self.bias)
        return float(1 / (1 + np.exp(-np.clip(total, -_NEVER, _NEVER))))

    def _coefficients(self) -> list[float]:
        return [self.prominence, self.lead, self.cosine, self.coverage, self.spelling]


def fit_confidence(right: Sequence[Evidence], wrong: Sequence[Evidence]) -> Confidence:
    """Learn from hits known to be right and wrong, and set the floor so that most right ones pass.

    Penalised maximum likelihood around the starting values, so that few examples change little.
    """
    # Half a second and 30 MB that a web worker, which only asks `of`, need not pay.
    from scipy.optimize import minimize

    start = Confidence()
    if len(right) + len(wrong) < _FEWEST or not right:
        return start
    rows = np.array([[*e.values(), 1.0] for e in (*right, *wrong)])
    signs = np.array([1.0] * len(right) + [-1.0] * len(wrong))
    prior = np.array([*start._coefficients(), start.bias])

    def loss(at: NDArray[np.float64]) -> float:
        surprise = np.logaddexp(0, -signs * (rows @ at)).sum()
        return float(surprise + _PRIOR_STRENGTH * ((at - prior) ** 2).sum())

    found = [round(float(value), 4) for value in minimize(loss, prior, method="L-BFGS-B").x]
    fitted = Confidence(*found)
    keeps_right = float(np.quantile([fitted.of(e) for e in right], 1 - KEPT))
    stops_wrong = float(np.quantile([fitted.of(e) for e in wrong], _STOPPED)) if wrong else 1.0
    return replace(fitted, floor=round(min(keeps_right, max(stops_wrong, start.floor)), 4))
