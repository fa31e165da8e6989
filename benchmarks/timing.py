"""Percentiles, and the memory of processes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def summary(milliseconds: Sequence[float], prefix: str = "") -> dict[str, float]:
    """Median, 95th percentile and maximum, in ms."""
    ordered = sorted(milliseconds)
    return {
        f"{prefix}p50_ms": round(ordered[len(ordered) // 2], 2),
        f"{prefix}p95_ms": round(ordered[int(len(ordered) * 0.95)], 2),
        f"{prefix}max_ms": round(ordered[-1], 2),
    }


def memory_mb(pid: int) -> dict[str, int]:
    """Resident and proportional memory of a process; shared pages count by share in the latter."""
    figures = {"Rss": 0, "Pss": 0}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name in figures:
            figures[name] = int(rest.split()[0]) // 1024
    return {"resident_mb": figures["Rss"], "proportional_mb": figures["Pss"]}


def children_of(pid: int) -> list[int]:
    """Process ids of the direct children."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]
