"""Facts of days whose events are gone: they still add up, and nothing in them leads to anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

import numpy as np

from kbportal.deflection.facts.day import Column, DayFacts, Table, empty_table

VISITORS = frozenset({"visitor", "same", "who"})
"""The columns that hold numbers of visitors."""
NOT_KNOWN = 0
"""The hash that stands for every query whose text was forgotten."""


def forgotten(facts: Iterable[DayFacts], *, key: bytes) -> list[DayFacts]:
    """The same days with other numbers of visitors, and without what anybody typed.

    Days that are given together still tell who came again within them, so that reports of them
    stay what they were. Who came on other days, too, is known no more.

    Args:
        key: Up to 64 random bytes that nobody keeps.
    """
    return [_forgotten(one, key) for one in facts]


def _forgotten(facts: DayFacts, key: bytes) -> DayFacts:
    tables = {
        name: {
            column: _renumbered(values, key) if column in VISITORS else values
            for column, values in table.items()
        }
        for name, table in facts.tables.items()
    }
    tables["searches"] = _together(facts.tables["searches"])
    tables["found_for"] = empty_table("found_for")
    tables["queries"] = {
        "hash": np.array([NOT_KNOWN], dtype="u8"),
        "end": np.array([0], dtype="u4"),
    }
    return replace(facts, texts=b"", tables=tables)


def _renumbered(visitors: Column, key: bytes) -> Column:
    """Another number for each; 0 stays, which is nobody."""
    known, which = np.unique(visitors, return_inverse=True)
    drawn = [_drawn(one, key) if one else 0 for one in known.tolist()]
    return np.array(drawn, dtype=visitors.dtype)[which]


def _drawn(visitor: int, key: bytes) -> int:
    digest = blake2b(visitor.to_bytes(8, "little"), key=key, digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _together(searches: Table) -> dict[str, Column]:
    """The searches of each facet as those of one query."""
    facets, which = np.unique(searches["facet"], return_inverse=True)
    counts = {
        name: np.bincount(which, weights=values, minlength=len(facets)).astype(values.dtype)
        for name, values in searches.items()
        if name not in ("facet", "query")
    }
    return {"facet": facets, "query": np.zeros_like(facets), **counts}
