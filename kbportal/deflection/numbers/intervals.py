"""How sure a number is: 95 % intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from math import ceil, sqrt
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


def quantile(
    values: Whole, part: float, *, times: Whole | None = None, status: Status = "ok"
) -> Metric:
    """The value below which this part of all lie, with the two order statistics that hold it.

    Source: Conover, Practical Nonparametric Statistics, 3rd edition, 1999, section 3.2; the ranks
    by the normal approximation, and no interval where they lie outside the sample.

    Args:
        times: How often each value was seen, once unless told.
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    upto = np.cumsum(np.ones(len(values), np.int64) if times is None else times[order])
    n = int(upto[-1]) if len(upto) else 0
    if n == 0:
        return NO_DATA

    def at(rank: int) -> float:
        return float(ordered[np.searchsorted(upto, min(rank, n))])

    whole, rest = divmod((n - 1) * part, 1)
    value = at(int(whole) + 1) * (1 - rest) + at(int(whole) + 2) * rest
    reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * sqrt(n * part * (1 - part))
    first, last = ceil(n * part - reach), ceil(n * part + reach)
    low, high = (at(first), at(last)) if first >= 1 and last <= n else (None, None)
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
