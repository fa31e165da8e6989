"""Knowing a gap again: the next survey groups anew, yet decisions stay with their need.

A gap is kept with a few of its own texts. They are compared with the new groups like any text, so
that neither a new model nor a new vocabulary loses it. Pairs are chosen so that all together fit
best; what is less alike than members of one group must be is somebody else.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from kbportal.deflection.gaps.clusters import ALIKE
from kbportal.deflection.gaps.likeness import Likeness

_NEVER = 1e3


def match(kept: Likeness, found: Likeness, *, alike: float = ALIKE) -> dict[int, int]:
    """Row of the gaps that are kept → row of the groups that were found.

    Args:
        kept, found: One row each, the mean of its texts.
    """
    if not len(kept) or not len(found):
        return {}
    table = kept.with_all(found).astype(np.float64)
    cost = np.where(table >= alike, -table, _NEVER)
    rows, columns = linear_sum_assignment(cost)
    return {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if table[row, column] >= alike
    }
