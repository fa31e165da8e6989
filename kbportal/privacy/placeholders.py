"""What stands where a person's words stood in the event log, so that what is counted stays.

Of typing, the beginnings of a query count as one search with it. So words are not simply
blanked: texts of which one is the beginning of the other get the same placeholder, others
another one, and none is the beginning of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Typed:
    """A query of an event; `place` names the surface at which it was typed."""

    event_id: str
    place: str
    query: str


def placeholders(typed: Iterable[Typed]) -> Mapping[str, str]:
    """Event id → what shall stand for its query; the events in their order of time."""
    found: dict[str, str] = {}
    last: dict[str, tuple[str, int]] = {}
    number = 0
    for one in typed:
        before, given = last.get(one.place, ("", 0))
        if not given or not _is_same_typing(before, one.query):
            number += 1
            given = number
        last[one.place] = (one.query, given)
        found[one.event_id] = f"[erased {given}]"
    return found


def _is_same_typing(before: str, query: str) -> bool:
    return before.startswith(query) or query.startswith(before)
