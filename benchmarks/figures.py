"""How what was measured is put down: shares with their own interval, and how far it is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.simulated import Interval
from kbportal.deflection.numbers.intervals import share

COVERED = (0.93, 0.97)


def held(every: Sequence[Interval]) -> dict[str, Any]:
    """Coverage with its own interval, and which way the misses lie."""
    if not every:
        return {"sites": 0}
    held = sum(one.holds for one in every)
    return {
        "sites": len(every),
        "held": percent(held, len(every)),
        "below": sum(one.high < one.true for one in every),
        "above": sum(one.low > one.true for one in every),
        "bias": f"{100 * sum(one.value - one.true for one in every) / len(every):+.2f}",
        "width": f"{100 * sum(one.high - one.low for one in every) / len(every):.1f}",
        "ok": COVERED[0] <= held / len(every) <= COVERED[1],
    }


def percent(some: int, n: int) -> str:
    """A share with its 95 % interval."""
    found = share(some, n)
    low, high = 100 * (found.low or 0), 100 * (found.high or 0)
    return f"{100 * (found.value or 0):.1f} % ({low:.1f} to {high:.1f})"


def of(some: int, n: int) -> str:
    """The same with the counts behind it."""
    return f"{some} of {n}, {percent(some, n)}"


def counted(numbers: Sequence[int], name: str) -> Iterable[int]:
    """The numbers, with a line on a terminal that says how far it is."""
    for done, number in enumerate(numbers, 1):
        yield number
        if sys.stderr.isatty():
            print(f"\r{name}: {done} of {len(numbers)} ", end="", file=sys.stderr, flush=True)
