"""Grouping texts that mean the same: average linkage, the same each time for the same texts.

Average linkage joins two groups while their members are alike enough on average, so that neither
a chain of neighbours nor one odd text decides. Its cost grows with the square of the number of
texts; beyond `MOST_GROUPED` the others join the group that they are most like, by the same
measure.

Source: Sokal & Michener, A statistical method for evaluating systematic relationships, 1958;
scipy.cluster.hierarchy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from kbportal.deflection.gaps.likeness import Likeness
from kbportal.deflection.gaps.meaning import Floats

ALIKE = 0.25
"""Members of one group are at least so alike on average; the choice is in docs/deflection.md."""

MOST_GROUPED = 4_000
_BLOCK = 512

Groups = NDArray[np.int64]
"""(n,) int64: the group of each text, numbered from 0 by size, largest first; -1 for none."""


def clusters(texts: Likeness, *, alike: float = ALIKE, most: int = MOST_GROUPED) -> Groups:
    """The group of each text; a text that is like no other is a group of its own.

    Args:
        texts: The most telling first: the first `most` of them form the groups, the others may
            join one, and have none (-1) where they fit in nowhere.
    """
    head = min(len(texts), most)
    groups = np.full(len(texts), -1, dtype=np.int64)
    groups[:head] = _linked(texts.rows(slice(0, head)), alike)
    if head < len(texts):
        centres = texts.rows(slice(0, head)).means(groups[:head], int(groups.max()) + 1)
        groups[head:] = nearest(texts.rows(slice(head, None)), centres, alike=alike)
    return groups


def nearest(texts: Likeness, centres: Likeness, *, alike: float = ALIKE) -> Groups:
    """For each text the centre that it is most like, -1 where it is like none."""
    found = np.full(len(texts), -1, dtype=np.int64)
    if not len(centres):
        return found
    for start in range(0, len(texts), _BLOCK):
        rows = slice(start, start + _BLOCK)
        table = texts.rows(rows).with_all(centres)
        best = table.argmax(axis=1)
        is_near = table[np.arange(len(best)), best] >= alike
        found[rows] = np.where(is_near, best, -1)
    return found


def _linked(texts: Likeness, alike: float) -> Groups:
    if len(texts) < 2:
        return np.zeros(len(texts), dtype=np.int64)
    tree = linkage(_distances(texts), method="average")
    labels = fcluster(tree, t=1 - alike, criterion="distance")
    return _by_size(labels)


def _distances(texts: Likeness) -> NDArray[np.float64]:
    """(n (n - 1) / 2,) float64, the upper triangle row by row, never the whole square at once."""
    size = len(texts)
    found = np.empty(size * (size - 1) // 2, dtype=np.float64)
    end = 0
    for start in range(0, size, _BLOCK):
        table: Floats = texts.rows(slice(start, start + _BLOCK)).with_all(texts)
        for at, row in enumerate(table, start):
            rest = 1.0 - row[at + 1 :].astype(np.float64)
            found[end : end + len(rest)] = np.maximum(rest, 0.0)
            end += len(rest)
    return found


def _by_size(labels: NDArray[np.int32]) -> Groups:
    """Labels numbered anew: the largest group is 0, ties by the first member."""
    _, first, inverse, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    groups: Groups = rank[inverse]
    return groups
