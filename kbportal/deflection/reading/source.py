"""Where the events of a day's window come from: a store, or a list at hand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from kbportal.deflection.reading.noise import in_order
from kbportal.events.catalog import Event, EventType

TICKET_EVENTS = frozenset({EventType.TICKET_CREATED, EventType.TICKET_WITHDRAWN})
Names = Collection[str]


class Source(Protocol):
    """Where events are read from; each answer is since <= ts < until."""

    def read(self, since: datetime, until: datetime) -> Iterable[Event]:
        """All of them."""
        ...

    def marked(self, since: datetime, until: datetime) -> Iterable[Event]:
        """Tickets, withdrawals, and events with a user."""
        ...

    def of_people(
        self, visitors: Names, users: Names, since: datetime, until: datetime
    ) -> Iterable[Event]:
        """Those of any of these visitors or users."""
        ...


class EventList:
    """A source in memory."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = in_order(events)
        self._marked = [e for e in self._events if e.type in TICKET_EVENTS or e.user]
        self._of_visitor: dict[str | None, list[Event]] = {}
        self._of_user: dict[str | None, list[Event]] = {}
        for event in self._events:
            self._of_visitor.setdefault(event.visitor, []).append(event)
            self._of_user.setdefault(event.user, []).append(event)

    def read(self, since: datetime, until: datetime) -> Sequence[Event]:
        return _between(self._events, since, until)

    def marked(self, since: datetime, until: datetime) -> Sequence[Event]:
        return _between(self._marked, since, until)

    def of_people(
        self, visitors: Names, users: Names, since: datetime, until: datetime
    ) -> Iterable[Event]:
        theirs = [self._of_visitor.get(one, []) for one in visitors]
        theirs += [self._of_user.get(one, []) for one in users]
        found = {e.event_id: e for mine in theirs for e in _between(mine, since, until)}
        return found.values()


def _between(events: Sequence[Event], since: datetime, until: datetime) -> Sequence[Event]:
    """Those of ordered events with since <= ts < until."""
    first = bisect_left(events, since, key=lambda event: event.ts)
    last = bisect_left(events, until, key=lambda event: event.ts)
    return events[first:last]
