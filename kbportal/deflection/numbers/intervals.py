"""How sure a number is: 95 % intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from kbportal.deflection.model import NO_DATA, Metric, Status

Whole = NDArray[np.int64]

CONFIDENCE = 0.95
RESAMPLES = 2_000


def share(successes: int, n: int, *, status: Status = "ok", effect: float = 1.0) -> Metric:
    """A proportion with its Wilson score interval; without cases there is no value.

    Source: Wilson, Probable Inference, the Law of Succession, and Statistical Inference, 1927.

    Args:
        effect: How many times fewer independent cases would say as much: see ``clusters``.
    """
    if n == 0:
        return NO_DATA
    value, alone = successes / n, n / effect
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    middle = (value + z**2 / (2 * alone)) / (1 + z**2 / alone)
    reach = z * sqrt(value * (1 - value) / alone + z**2 / (4 * alone**2)) / (1 + z**2 / alone)
    low = 0.0 if successes == 0 else middle - reach
    high = 1.0 if successes == n else middle + reach
    return Metric(value, n, low, high, status)


def scaled(metric: Metric, factor: float, *, note: str = "") -> Metric:
    """The metric and its interval times a constant."""
    if metric.value is None or metric.low is None or metric.high is None:
        return replace(metric, note=note)
    return replace(
        metric,
        value=metric.value * factor,
        low=metric.low * factor,
        high=metric.high * factor,
        note=note,
    )


def complement(metric: Metric) -> Metric:
    """One minus a proportion."""
    if metric.value is None or metric.low is None or metric.high is None:
        return metric
    return replace(metric, value=1 - metric.value, low=1 - metric.high, high=1 - metric.low)


def ratio(pairs: Iterable[tuple[int, int]], *, seed: int, n: int) -> Metric:
    """The sum of the first over the sum of the second, with a visitor-cluster bootstrap interval.

    Args:
        pairs: One (numerator, denominator) per visitor. Visitors are what is drawn again, since
            what one of them does hangs together.
        seed: Of the drawing, so that the same data give the same interval.
        n: The number of cases to print.

    Returns:
        Without a denominator no value; with fewer than two visitors who have one, a value
        without an interval.
    """
    kinds = Counter(pairs)
    values = np.array(sorted(kinds), dtype=np.int64).reshape(-1, 2)
    weights = np.array([kinds[(int(a), int(b))] for a, b in values], dtype=np.int64)
    return ratio_of(values, weights, seed=seed, n=n)


def ratio_of(values: Whole, weights: Whole, *, seed: int, n: int) -> Metric:
    """The same from the different pairs, shape (kinds, 2), and how many visitors have each."""
    above, below = (int(total) for total in weights @ values) if len(values) else (0, 0)
    if below == 0:
        return NO_DATA
    if weights[values[:, 1] > 0].sum() < 2:
        return Metric(above / below, n, None, None, "ok")
    visitors = int(weights.sum())
    # Drawing visitors again is drawing how often each kind of visitor comes up.
    draws = np.random.default_rng(seed).multinomial(visitors, weights / visitors, RESAMPLES)
    sums = draws @ values
    sums = sums[sums[:, 1] > 0]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(sums[:, 0] / sums[:, 1], [tail, 1 - tail])
    return Metric(above / below, n, float(low), float(high), "ok")
