"""Outcomes counted over columns of episodes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from kbportal.deflection.contents import Breakdown, Day, Funnel
from kbportal.deflection.facts.day import OUTCOMES, Column, Table, micros
from kbportal.deflection.facts.stack import Stack, arm_names
from kbportal.deflection.model import Counts, Status
from kbportal.deflection.numbers.intervals import share

_T, _X, _I, _U = range(4)
_LETTERS = (*OUTCOMES, "X_D", "I_D", "P")


def matured(episodes: Table, now: datetime) -> Table:
    """The episodes whose windows have closed."""
    settled = episodes["settled"] <= micros(now)
    return {name: values[settled] for name, values in episodes.items()}


def count(episodes: Table) -> Counts:
    """How many ended in each way."""
    (row,) = _by(episodes, np.zeros(len(episodes["outcome"]), dtype=np.int64), 1)
    return _counts(row)


def by_day(stack: Stack, episodes: Table, now: datetime) -> tuple[Day, ...]:
    """The days on which episodes with a form start began."""
    size = len(stack.days)
    rows = _by(episodes, episodes["day"], size)
    young = np.bincount(episodes["day"], weights=episodes["settled"] > micros(now), minlength=size)
    return tuple(
        Day(facts.day, counts, not young[at])
        for at, facts in enumerate(stack.days)
        if (counts := _counts(rows[at])).F
    )


def funnel(episodes: Table) -> Funnel:
    """From the form start on."""
    counts, shown = count(episodes), episodes["shown"]
    return Funnel(
        started=counts.F,
        shown=int(shown.sum()),
        opened=int((shown & episodes["opened"]).sum()),
        solved=counts.X,
        submitted=counts.T,
    )


def breakdowns(
    stack: Stack, episodes: Table, *, status: Status, effects: Mapping[str, float]
) -> Mapping[str, tuple[Breakdown, ...]]:
    """The episodes by what they can be narrowed to, the largest parts first.

    Args:
        effects: Of all these episodes; each part is taken to hang together as much.
    """
    rows = _by(episodes, episodes["facet"], len(stack.facets))
    used = [(facet, row) for facet, row in zip(stack.facets, rows, strict=True) if row.any()]
    keys = {
        "lang": [([facet.lang], row) for facet, row in used],
        "category": [([facet.category], row) for facet, row in used],
        "surface": [([facet.surface], row) for facet, row in used],
        "arm": [(arm_names(facet.arm), row) for facet, row in used],
    }
    return {name: _breakdown(parts, status, effects) for name, parts in keys.items()}


def _breakdown(
    parts: list[tuple[list[str], Column]], status: Status, effects: Mapping[str, float]
) -> tuple[Breakdown, ...]:
    sums: dict[str, Column] = {}
    for names, row in parts:
        for name in names:
            sums[name] = sums.get(name, 0) + row
    counted = ((name, _counts(row)) for name, row in sums.items())
    confirmed = effects.get("confirmed_deflection_rate", 1.0)
    submission = effects.get("submission_rate", 1.0)
    made = (
        Breakdown(
            key=name,
            counts=counts,
            confirmed=share(counts.X_D, counts.F, status=status, effect=confirmed),
            submission=share(counts.T, counts.F, status=status, effect=submission),
        )
        for name, counts in counted
    )
    return tuple(sorted(made, key=lambda one: (-one.counts.F, one.key)))


def _by(episodes: Table, group: Column, size: int) -> Column:
    """For each group the counts in the order of ``_LETTERS``; shape (size, 7)."""
    outcome, lasting = episodes["outcome"], episodes["lasting"]
    kinds = (
        *(outcome == letter for letter in (_T, _X, _I, _U)),
        (outcome == _X) & lasting,
        (outcome == _I) & lasting,
        episodes["pressed"],
    )
    return np.stack([np.bincount(group[kind], minlength=size) for kind in kinds], axis=1)


def _counts(row: Column) -> Counts:
    return Counts(**{letter: int(n) for letter, n in zip(_LETTERS, row, strict=True)})
