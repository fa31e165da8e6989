"""What was measured, as a table for people and beside the targets that it is held to."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from typing import Any

_NAME, _CELL = 30, 9
# Order in which columns stand where a row has them.
_FIRST = ("per_second", "p50_ms", "p95_ms", "max_ms", "cpu_ms", "count")


def machine() -> dict[str, Any]:
    """What the figures depend on most. Two processors that others use too are hardly one."""
    return {
        "processors": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
    }


def lines(measured: Mapping[str, Any]) -> Iterator[str]:
    """The whole document: one table per part, one row per thing measured."""
    for part, figures in measured.items():
        yield ""
        yield part
        yield from _part(figures)


def _part(figures: Mapping[str, Any]) -> Iterator[str]:
    header: tuple[str, ...] = ()
    for name, value in figures.items():
        if not isinstance(value, Mapping):
            yield f"  {name:<{_NAME}} {value}"
            continue
        flat = {key: one for key, one in value.items() if not isinstance(one, Mapping)}
        columns = tuple(sorted(flat, key=_place))
        if columns != header:
            header = columns
            yield f"  {'':<{_NAME}} " + " ".join(f"{c:>{_CELL}}" for c in columns)
        cells = (f"{flat[c]!s:>{max(_CELL, len(c))}}" for c in columns)
        yield f"  {name:<{_NAME}} " + " ".join(cells)
        for key, one in value.items():
            if isinstance(one, Mapping) and one:
                said = ", ".join(f"{label} {count}" for label, count in one.items())
                yield f"  {'':<{_NAME}}   {key}: {said}"


def _place(column: str) -> int:
    return _FIRST.index(column) if column in _FIRST else len(_FIRST)
