"""The numbers by mail: once a week, to those of the staff who asked for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, Protocol

from kbportal.deflection.contents import QueryRow, Report
from kbportal.deflection.gaps.model import OPEN
from kbportal.deflection.gaps.ports import GapStore
from kbportal.deflection.numbers.guardrails import compared, worse_while_rising
from kbportal.deflection.numbers.rates import CAUSAL
from kbportal.mail.digest import Digest, Figure, Missing, as_facts
from kbportal.mail.model import Kind, Letter, letter_id
from kbportal.mail.ports import Outbox
from kbportal.mail.rules import GIVEN_UP_AFTER
from kbportal.people.audit import AuditLine

DAYS, MOST_MISSING = 28, 3
FROM_HOUR = time(6, tzinfo=UTC)
"""On Mondays; the days it tells of have then ended everywhere but in the far west."""

_FIGURES: tuple[tuple[str, Literal["share", "count", "money"]], ...] = (
    ("confirmed_deflection_rate", "share"),
    ("causal_tickets_avoided", "count"),
    ("submission_rate", "share"),
    ("savings", "money"),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody of the staff who asked for the letter and may still see the numbers."""

    user_id: str
    email: str
    lang: str


class DigestStore(Protocol):
    """Who reads the digest, and what was told in each week."""

    def readers(self) -> Sequence[Reader]:
        """Everybody who wants it and may have it."""
        ...

    def wants(self, user_id: str) -> bool:
        """Whether this person asked for it."""
        ...

    def subscribe(
        self, user_id: str, *, lang: str, now: datetime, line: AuditLine | None = None
    ) -> None:
        """From now on, in this language; the line is kept with it if that is news."""
        ...

    def unsubscribe(self, user_id: str, *, line: AuditLine | None = None) -> None:
        """No more of it; the line is kept with it if that is news."""
        ...

    def has(self, week: date) -> bool:
        """Whether this week's was counted."""
        ...

    def keep(self, week: date, facts: dict[str, Any], *, now: datetime) -> None:
        """Keep what the letters of a week tell; the first that is kept stays."""
        ...


def week_of(now: datetime) -> date:
    """The Monday whose letter is the latest at this moment."""
    moment = now.astimezone(UTC)
    monday = moment.date() - timedelta(days=moment.weekday())
    begun = moment >= datetime.combine(monday, FROM_HOUR)
    return monday if begun else monday - timedelta(days=7)


def days_of(week: date) -> tuple[date, date]:
    """The first and the last day that the letters of a week tell of."""
    return week - timedelta(days=DAYS), week - timedelta(days=1)


def write_letters(
    store: DigestStore, outbox: Outbox, *, make: Callable[[date], Digest], now: datetime
) -> int:
    """Put this week's letter to every reader into the outbox, once, whoever else tries the same.

    Args:
        make: Counts the digest of a week; called once a week, and not at all without readers.

    Returns:
        How many letters were written.
    """
    readers, week = store.readers(), week_of(now)
    if not readers:
        return 0
    if not store.has(week):
        store.keep(week, as_facts(make(week)), now=now)
    return sum(outbox.add(_letter(reader, week, now=now)) for reader in readers)


def digest(
    now: Report, earlier: Report, *, week: date, currency: str, missing: Iterable[Missing] = ()
) -> Digest:
    """The letter's facts from the report of its days and of as many before.

    Args:
        missing: What to write next, the most wanted first; the searches in vain where not given.
    """
    first, last = days_of(week)
    savings = now.metrics["savings"]
    return Digest(
        first=first,
        last=last,
        currency=currency,
        figures=tuple(_figure(name, unit, now, earlier) for name, unit in _FIGURES),
        worse=tuple(rail.id for rail in worse_while_rising(compared(now, earlier), earlier)),
        missing=tuple(missing)[:MOST_MISSING] or _in_vain(now.queries),
        measured=savings.note == CAUSAL,
    )


def top_missing(gaps: GapStore) -> tuple[Missing, ...]:
    """The gaps with the most tickets that nobody has written for yet."""
    made = gaps.survey()
    found = [one for one in gaps.gaps() if one.state in OPEN and one.evidence] if made else []
    return tuple(
        Missing(one.name, one.evidence.tickets + one.evidence.searches)
        for one in found[:MOST_MISSING]
        if one.evidence
    )


def _figure(
    name: str, unit: Literal["share", "count", "money"], now: Report, earlier: Report
) -> Figure:
    metric, before = now.metrics[name], earlier.metrics[name]
    return Figure(name, metric.value, metric.low, metric.high, metric.n, before.value, unit)


def _in_vain(queries: Iterable[QueryRow]) -> tuple[Missing, ...]:
    found = sorted((row for row in queries if row.zero_results), key=lambda r: -r.zero_results)
    return tuple(Missing(row.query, row.zero_results) for row in found[:MOST_MISSING])


def _letter(reader: Reader, week: date, *, now: datetime) -> Letter:
    return Letter(
        id=letter_id(Kind.DIGEST, f"{week.isoformat()} {reader.user_id}"),
        kind=Kind.DIGEST,
        to=reader.email,
        lang=reader.lang,
        created=now,
        due=now,
        until=now + GIVEN_UP_AFTER,
    )
