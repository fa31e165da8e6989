"""What changed between two periods, and whether that is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from kbportal.deflection.model import Metric


@dataclass(frozen=True, slots=True)
class Change:
    """now − before, with a 95 % interval, in the unit of the numbers."""

    value: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def change(now: Metric, before: Metric) -> Change | None:
    """How much a number changed; None where one of the two, or its interval, is not known.

    The interval of the difference is made from the intervals of both numbers, which for two
    proportions with Wilson's is Newcombe's.

    Source: Zou and Donner, Construction of confidence limits about effect measures, Statistics in
    Medicine 2008; Newcombe, Interval estimation for the difference between independent
    proportions, Statistics in Medicine 1998, method 10.
    """
    if now.value is None or now.low is None or now.high is None:
        return None
    if before.value is None or before.low is None or before.high is None:
        return None
    value = now.value - before.value
    below = hypot(now.value - now.low, before.high - before.value)
    above = hypot(now.high - now.value, before.value - before.low)
    return Change(value, value - below, value + above)
