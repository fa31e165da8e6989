"""Where day facts are kept. A new adapter: implement FactStore, add it to its test."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

FORGOTTEN = "forgotten "
"""How fingerprints begin of days that hold no visitors any more."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of a day's facts without reading them.

    rules: by which rules and windows they were counted. fingerprint: of what was read.
    closes: until when new events may change them. made_at, took: when, and how long it took.
    """

    rules: str
    fingerprint: str
    closes: datetime
    made_at: datetime
    took: timedelta

    @property
    def is_forgotten(self) -> bool:
        """Whether visitors and queries were taken out of these facts."""
        return self.fingerprint.startswith(FORGOTTEN)


class FactStore(Protocol):
    """One row of facts per day, and how many events have ever been written for a day."""

    def arrivals(self, first: date, last: date) -> Mapping[date, int]:
        """For each of these days with events a number that grows whenever one is written.

        Days whose events were deleted for their age have none.
        """
        ...

    def purged_before(self) -> date | None:
        """The first day whose events are still complete; None when nothing was deleted."""
        ...

    def marks(self, first: date, last: date) -> Mapping[date, Mark]:
        """The days of which there are facts."""
        ...

    def facts(self, days: Collection[date]) -> Mapping[date, bytes]:
        """The facts of these days, as ``facts.to_bytes`` made them."""
        ...

    def put(self, day: date, mark: Mark, data: bytes) -> None:
        """Keep a day's facts in the place of earlier ones."""
        ...

    def rewrite(self, changed: Mapping[date, tuple[Mark, bytes]]) -> None:
        """Keep other facts of days that have some, all or none, and leave no trace of these."""
        ...
