"""When people come: days of the week, hours of the day, and the seasons of a quarter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

DAY_S = 86_400
_WEEK = np.array([1.15, 1.15, 1.10, 1.05, 1.00, 0.55, 0.50])
"""From Monday on."""
_HOURS = np.array(
    [0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 0.9, 1.3, 1.6, 1.7, 1.6,
     1.4, 1.5, 1.6, 1.5, 1.4, 1.2, 1.1, 1.2, 1.3, 1.1, 0.7, 0.4]
)  # fmt: skip
_SEASON_D, _SEASON = 90.0, 0.2


def arrivals(
    rng: np.random.Generator, count: int, *, first_day: int, days: int, weekday: int
) -> npt.NDArray[np.float64]:
    """Moments of ``count`` arrivals, unordered, in seconds from the start of day 0.

    Args:
        first_day: May be negative. weekday: of day 0, Monday is 0.
    """
    numbers = np.arange(first_day, first_day + days)
    weights = _WEEK[(numbers + weekday) % 7] * (
        1 + _SEASON * np.sin(numbers * 2 * np.pi / _SEASON_D)
    )
    day = rng.choice(numbers, count, p=weights / weights.sum())
    hour = rng.choice(24, count, p=_HOURS / _HOURS.sum())
    moments: npt.NDArray[np.float64] = day * float(DAY_S) + hour * 3600.0
    return moments + rng.uniform(0, 3600, count)
