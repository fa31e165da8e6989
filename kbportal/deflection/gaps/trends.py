"""Whether needs grew, and whether an article made them fewer: both with their doubt."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import binomtest, chi2_contingency, norm
from scipy.stats.contingency import odds_ratio

from kbportal.deflection.gaps.model import Effect, Trend

FEWEST_FOR_TREND = 12
FEWEST_BEFORE, FEWEST_OTHERS = 8, 20
"""Below so many tickets nothing is said about a change."""

_TWO_SIDED = 1.959964


def trend(earlier: int, later: int) -> Trend | None:
    """The later of two equally long spans against the earlier; None for too few cases.

    Under no change each case falls into either half by the toss of a coin, so the interval is
    that of a share (Wilson's), read as odds.
    """
    if earlier + later < FEWEST_FOR_TREND or not earlier:
        return None
    interval = binomtest(later, earlier + later).proportion_ci(method="wilson")
    return Trend(later / earlier, _odds(interval.low), _odds(interval.high))


def effect(before: int, after: int, others: Sequence[tuple[int, int]]) -> Effect:
    """Difference in differences of ticket counts, as a ratio of ratios.

    (after / before) against the same of all untouched gaps: what a season, a campaign or a quiet
    month does to all of them cancels. That is the odds ratio of a two by two table, with the
    exact conditional interval. Gaps vary more among each other than chance alone would have it:
    the interval is widened by the root of that dispersion (as quasi-Poisson models do).

    Args:
        others: For each untouched gap its tickets before and after.
    """
    first, last = sum(one for one, _ in others), sum(two for _, two in others)
    if before < FEWEST_BEFORE or min(first, last) < FEWEST_OTHERS:
        return Effect(before, after, first, last)
    found = odds_ratio([[after, before], [last, first]], kind="conditional")
    width = _TWO_SIDED * math.sqrt(_dispersion(others))
    interval = found.confidence_interval(confidence_level=1 - 2 * float(norm.sf(width)))
    return Effect(
        before, after, first, last,
        change=float(found.statistic), low=float(interval.low), high=float(interval.high),
    )  # fmt: skip


def _dispersion(others: Sequence[tuple[int, int]]) -> float:
    """How much more the others differ in their change than chance alone explains; at least 1."""
    table = np.array([pair for pair in others if sum(pair)])
    if len(table) < 2:
        return 1.0
    found = chi2_contingency(table, correction=False)
    return max(1.0, float(found.statistic) / float(found.dof))


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf
