"""Percentiles, and the clock that gathers what they are of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def percentile(ordered: Sequence[float], share: float) -> float:
    """The least value that at least this share of the values do not exceed (nearest rank)."""
    at = max(0, -int(-len(ordered) * share // 1) - 1)
    return ordered[at]


def summary(milliseconds: Iterable[float]) -> dict[str, float]:
    """How many, median, 95th percentile and maximum."""
    ordered = sorted(milliseconds)
    if not ordered:
        return {"count": 0}
    return {
        "count": len(ordered),
        "p50_ms": round(percentile(ordered, 0.50), 3),
        "p95_ms": round(percentile(ordered, 0.95), 3),
        "max_ms": round(ordered[-1], 3),
    }


def timed(act: Callable[[T], object], on: Iterable[T]) -> dict[str, float]:
    """Do it to each, one after another: wall-clock times, and the mean of the processor's time.

    The latter hardly changes when other programs are busy; the former does.
    """
    times: list[float] = []
    processor = time.process_time()
    for one in on:
        before = time.perf_counter()
        act(one)
        times.append((time.perf_counter() - before) * 1000)
    processor = time.process_time() - processor
    return {**summary(times), "cpu_ms": round(processor * 1000 / max(len(times), 1), 3)}
