"""Day facts, and how many events were written for each day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from kbportal.deflection.ledger.ports import Mark
from kbportal.storage.database import Database
from kbportal.storage.overwriting import overwrite_deleted
from kbportal.storage.portions import portions
from kbportal.storage.tables import EVENTS_FROM, counters, day_facts, event_days
from kbportal.storage.upsert import put

_FIRST = date(1970, 1, 1)
_MS = timedelta(milliseconds=1)


class SqlFactStore:
    """FactStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def arrivals(self, first: date, last: date) -> Mapping[date, int]:
        query = (
            select(event_days.c.day, event_days.c.written)
            .where(event_days.c.day >= _number(first), event_days.c.day <= _number(last))
            .order_by(event_days.c.day)
        )
        with self._database.reading() as connection:
            return {_day(day): written for day, written in connection.execute(query)}

    def purged_before(self) -> date | None:
        query = select(counters.c.value).where(counters.c.name == EVENTS_FROM)
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else _day(found)

    def marks(self, first: date, last: date) -> Mapping[date, Mark]:
        columns = [column for column in day_facts.c if column.name != "data"]
        query = (
            select(*columns)
            .where(day_facts.c.day >= _number(first), day_facts.c.day <= _number(last))
            .order_by(day_facts.c.day)
        )
        with self._database.reading() as connection:
            return {
                _day(row.day): Mark(
                    row.rules, row.fingerprint, row.closes, row.made_at, row.took_ms * _MS
                )
                for row in connection.execute(query)
            }

    def facts(self, days: Collection[date]) -> Mapping[date, bytes]:
        numbers = sorted(map(_number, days))
        found: dict[date, bytes] = {}
        with self._database.reading() as connection:
            for some in portions(numbers):
                query = select(day_facts.c.day, day_facts.c.data).where(day_facts.c.day.in_(some))
                found |= {_day(day): data for day, data in connection.execute(query)}
        return found

    def put(self, day: date, mark: Mark, data: bytes) -> None:
        with self._database.writing() as connection:
            put(connection, day_facts, {"day": _number(day), **_row(mark, data)})

    def rewrite(self, changed: Mapping[date, tuple[Mark, bytes]]) -> None:
        with self._database.writing() as connection:
            overwrite_deleted(connection)
            for day, (mark, data) in sorted(changed.items()):
                here = day_facts.c.day == _number(day)
                connection.execute(update(day_facts).where(here).values(_row(mark, data)))


def note_written(connection: Connection, moments: Iterable[datetime]) -> None:
    """Say, within the transaction that writes events, for which days it does."""
    # In the order of days, so that two writers never wait for each other.
    for day, n in sorted(Counter(_number(ts.astimezone(UTC).date()) for ts in moments).items()):
        more = {"written": event_days.c.written + n}
        put(connection, event_days, {"day": day, "written": n}, change=more)


def note_purged(connection: Connection, before: datetime) -> None:
    """Say, within the transaction that deletes old events, from when on they are complete.

    Facts of earlier days stay as they are: they cannot be counted again.
    """
    first = _number(before.astimezone(UTC).date()) + 1
    connection.execute(delete(event_days).where(event_days.c.day < first - 1))
    row = {"name": EVENTS_FROM, "value": first}
    put(connection, counters, row, where=counters.c.value < first)


def _row(mark: Mark, data: bytes) -> dict[str, Any]:
    return {
        "rules": mark.rules,
        "fingerprint": mark.fingerprint,
        "closes": mark.closes,
        "made_at": mark.made_at,
        "took_ms": round(mark.took / _MS),
        "data": data,
    }


def _number(day: date) -> int:
    return (day - _FIRST).days


def _day(number: int) -> date:
    return _FIRST + timedelta(days=number)
