"""What visitors read, and what they had read before their tickets."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kbportal.deflection.model import Windows
from kbportal.deflection.reading.episodes import READS, sessions
from kbportal.events.catalog import Event, EventType


@dataclass(frozen=True, slots=True)
class Tickets:
    """The tickets of a period.

    created: their events, each ticket once. read_before: for each ticket of a known visitor the
    articles they had read in the look-back window. withdrawn: ids of those that their requester
    withdrew through an article and did not open again.
    """

    created: tuple[Event, ...]
    read_before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()


def tickets_of(
    events: Sequence[Event], created: Iterable[Event], *, lookback: timedelta
) -> Tickets:
    """Gather what is known of these tickets from all events, which must be in order."""
    first: dict[str, Event] = {}
    for event in created:
        first.setdefault(event.ticket or event.event_id, event)
    reads = _reads_by_visitor(events)
    before = {
        ticket: _read_within(reads.get(event.visitor, ()), event.ts - lookback, event.ts)
        for ticket, event in first.items()
        if event.visitor
    }
    helped: dict[str, bool] = {}
    for event in events:
        if event.type is EventType.TICKET_WITHDRAWN and event.ticket in first:
            helped[event.ticket] = bool(event.article) and event.value != "undone"
    withdrawn = frozenset(ticket for ticket, did in helped.items() if did)
    return Tickets(tuple(first.values()), before, withdrawn)


def unique_reads(events: Iterable[Event], *, windows: Windows) -> list[Event]:
    """Reads, each article once per session and kind; those of people without an id one by one."""
    ordered = tuple(events)
    kept = [event for event in ordered if event.type in READS and event.visitor is None]
    for session in sessions(ordered, gap=windows.session_gap):
        once = {(e.type, e.article): e for e in reversed(session) if e.type in READS}
        kept.extend(once.values())
    return sorted(kept, key=lambda event: (event.ts, event.event_id))


def _reads_by_visitor(events: Iterable[Event]) -> dict[str | None, list[Event]]:
    reads: dict[str | None, list[Event]] = {}
    for event in events:
        if event.type in READS:
            reads.setdefault(event.visitor, []).append(event)
    return reads


def _read_within(reads: Sequence[Event], since: datetime, until: datetime) -> frozenset[str]:
    first = bisect_left(reads, since, key=lambda event: event.ts)
    last = bisect_right(reads, until, key=lambda event: event.ts)
    return frozenset(event.article or "" for event in reads[first:last])
