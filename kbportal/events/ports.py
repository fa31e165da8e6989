"""Where events are kept. A new adapter: implement EventStore, add it to the contract test."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from kbportal.events.catalog import Event, EventType


class EventStore(Protocol):
    """An append-only log; an event whose id is already there is left as it was."""

    def append(self, batch: Sequence[Event]) -> None:
        """Write all of them or none. Raises a PortalError."""
        ...

    def read(self, since: datetime, until: datetime) -> Iterator[Event]:
        """Events with since <= ts < until, oldest first, ties by id."""
        ...

    def of_visitor(self, visitor: str, since: datetime, until: datetime) -> tuple[Event, ...]:
        """One visitor's events with since <= ts <= until, oldest first."""
        ...

    def of_trials(
        self, kinds: Collection[EventType], since: datetime, until: datetime
    ) -> Iterator[Event]:
        """Events that show an article of which two versions are tried, oldest first, and then
        those of these kinds, oldest first, of the visitors who saw one."""
        ...

    def most_read(
        self, lang: str, since: datetime, until: datetime, *, limit: int
    ) -> tuple[tuple[str, int], ...]:
        """Articles of a language, each with how many visitors read its page, most first.

        Members of the staff, robots and browsers that looked ahead do not count.
        """
        ...

    def purge(self, before: datetime) -> int:
        """Delete what is older than the retention allows; returns how many went."""
        ...
