"""The classic ratios of activity to tickets, over visitors."""

from __future__ import annotations

import numpy as np

from kbportal.deflection.facts.day import Column
from kbportal.deflection.facts.stack import Stack
from kbportal.deflection.model import Metric
from kbportal.deflection.numbers.intervals import ratio_of


def ratio_metrics(stack: Stack, *, tickets: int, seed: int) -> dict[str, Metric]:
    """People without a visitor id are in the first only, each thing they did by itself."""
    table = stack.rows("acts")
    nobody = table["visitor"] == 0
    _, who = np.unique(stack.persons(table["visitor"][~nobody]), return_inverse=True)
    known = np.stack([_sum(table[name][~nobody], who) for name in ("acts", "sent")], axis=1)
    alone = [int(table[name][nobody].sum()) for name in ("acts", "sent")]
    once = np.minimum(known, 1)
    submitters = int(once[:, 1].sum())
    all_kinds = _kinds(np.concatenate([known, [[1, 0], [0, 1]]]), [1] * len(known) + alone)
    return {
        "deflection_ratio": ratio_of(*all_kinds, seed=seed, n=tickets),
        "self_service_score": ratio_of(*_kinds(once, [1] * len(once)), seed=seed, n=submitters),
    }


def _sum(values: Column, group: Column) -> Column:
    size = int(group.max()) + 1 if len(group) else 0
    return np.bincount(group, weights=values, minlength=size).astype(np.int64)


def _kinds(pairs: Column, times: list[int]) -> tuple[Column, Column]:
    """The different pairs, and how many clusters have each."""
    base = int(pairs[:, 1].max(initial=0)) + 1
    codes, at = np.unique(pairs[:, 0] * base + pairs[:, 1], return_inverse=True)
    weights = np.bincount(at, weights=times, minlength=len(codes)).astype(np.int64)
    values = np.stack(np.divmod(codes, base), axis=1)
    return values[weights > 0], weights[weights > 0]
