"""Rates of many small groups, each drawn towards all as far as its own cases are few.

Empirical Bayes with a beta distribution of true rates. Its mean and spread are estimated from the
groups themselves by moments; a group's rate is then that of its cases and this prior together.

Source: Kleinman, Proportions with Extraneous Variance: Single and Independent Samples, Journal
of the American Statistical Association 1973.
"""

from __future__ import annotations

import numpy as np

from kbportal.deflection.facts.day import Column
from kbportal.deflection.model import NO_DATA, Metric
from kbportal.deflection.numbers.intervals import CONFIDENCE

WEAKEST, STRONGEST = 2.0, 10_000.0
"""Cases that the prior may count for: never fewer than those of an even prior."""


def shrunk(successes: Column, n: Column) -> list[Metric]:
    """The rate of each group with a 95 % interval; none where there was no case."""
    if not n.any():
        return [NO_DATA] * len(n)
    # Not at the top: only the managers' pages need it, and each worker would pay for it.
    from scipy.special import betaincinv

    a, b = prior(successes, n)
    # Many groups have the same few cases: each pair of numbers is looked at once.
    pairs, which = np.unique(np.stack([successes, n], axis=1)[n > 0], axis=0, return_inverse=True)
    tail = (1 - CONFIDENCE) / 2
    above, below = pairs[:, 0] + a, pairs[:, 1] - pairs[:, 0] + b
    columns = (above / (above + below), pairs[:, 1], betaincinv(above, below, tail),
               betaincinv(above, below, 1 - tail))  # fmt: skip
    known = [
        Metric(value, int(cases), low, high, "ok")
        for value, cases, low, high in zip(*(c.tolist() for c in columns), strict=True)
    ]
    found = [NO_DATA] * len(n)
    for at, pair in zip(np.flatnonzero(n).tolist(), which.ravel().tolist(), strict=True):
        found[at] = known[pair]
    return found


def prior(successes: Column, n: Column) -> tuple[float, float]:
    """The parameters of the beta distribution from which the groups' true rates seem to come."""
    s, n = successes[n > 0].astype(float), n[n > 0].astype(float)
    # Half a success and half a failure more: no prior is sure of always or never.
    mean = (s.sum() + 0.5) / (n.sum() + 1)
    size = _size(s / n, n, mean) if len(n) > 1 else WEAKEST
    return mean * size, (1 - mean) * size


def _size(rates: Column, n: Column, mean: float) -> float:
    """How many cases the prior counts for: many where groups differ no more than by chance."""
    weights = n / n.sum()
    centre = float(weights @ rates)
    spread = float(weights @ (rates - centre) ** 2)
    by_chance = float((weights * (1 - weights)) @ (1 / n))
    at_most = float(weights @ (1 - weights))
    variance = mean * (1 - mean)
    alike = (spread - variance * by_chance) / (variance * (at_most - by_chance) or 1.0)
    if alike <= 1 / STRONGEST:
        return STRONGEST
    return float(np.clip(1 / alike - 1, WEAKEST, STRONGEST))
