"""Days and periods, in UTC: so clocks that are set forward or back change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """since <= start < until, aware UTC."""

    since: datetime
    until: datetime

    def owns(self, moment: datetime) -> bool:
        """Whether something that happened then belongs to the period."""
        return self.since <= moment < self.until

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of which a part lies in the period."""
        first = self.since.astimezone(UTC).date()
        last = (self.until - timedelta(microseconds=1)).astimezone(UTC).date()
        return tuple(first + timedelta(days=step) for step in range((last - first).days + 1))


def days(first: date, last: date) -> Period:
    """The period of these days, both included, in UTC."""
    start = datetime.combine(first, time(), UTC)
    return Period(start, datetime.combine(last, time(), UTC) + timedelta(days=1))
