"""The event log: appended to, read in order, never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from kbportal.deflection.reading.source import TICKET_EVENTS
from kbportal.events.catalog import Event, EventType, Shown, Surface
from kbportal.storage.database import Database
from kbportal.storage.facts import note_purged, note_written
from kbportal.storage.portions import delete_rows, portions
from kbportal.storage.tables import IS_TRIAL, events
from kbportal.storage.upsert import put_new

PAGE = 5_000
"""Rows per reading, so that a long report holds no lock and no view of the past."""

_TEXTS = (
    "event_id", "ts", "visitor", "session", "user", "locale", "arm", "query_norm",
    "index_generation", "ranker_version", "article", "section", "dwell_ms", "reason", "ticket",
    "ua_class", "channel", "value", "took_ms",
)  # fmt: skip
_COLUMNS = tuple(events.c[field.name] for field in fields(Event))
_RESULTS = [field.name for field in fields(Event)].index("results") - 4
_TYPES = {str(kind): kind for kind in EventType}
_SURFACES = {str(surface): surface for surface in Surface}


class SqlEventStore:
    """EventStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, batch: Sequence[Event]) -> None:
        with self._database.writing() as connection:
            insert_events(connection, batch)

    def read(self, since: datetime, until: datetime) -> Iterator[Event]:
        return self._pages(events.c.ts >= since, events.c.ts < until)

    def of_type(self, kind: EventType, since: datetime, until: datetime) -> Iterator[Event]:
        """Events of one type with since <= ts < until, oldest first."""
        return self._pages(events.c.ts >= since, events.c.ts < until, events.c.type == str(kind))

    def of_trials(
        self, kinds: Collection[EventType], since: datetime, until: datetime
    ) -> Iterator[Event]:
        span = (events.c.ts >= since, events.c.ts < until)
        seen = (*span, IS_TRIAL)
        yield from self._pages(*seen)
        readers = select(events.c.visitor).where(*seen, events.c.visitor.is_not(None))
        is_kind = events.c.type.in_([str(kind) for kind in kinds])
        yield from self._pages(*span, is_kind, events.c.visitor.in_(readers))

    def of_visitor(self, visitor: str, since: datetime, until: datetime) -> tuple[Event, ...]:
        query = (
            select(*_COLUMNS)
            .where(events.c.visitor == visitor, events.c.ts >= since, events.c.ts <= until)
            .order_by(events.c.ts, events.c.event_id)
        )
        with self._database.reading() as connection:
            return tuple(_event(row) for row in connection.execute(query))

    def most_read(
        self, lang: str, since: datetime, until: datetime, *, limit: int
    ) -> tuple[tuple[str, int], ...]:
        readers = func.count(func.distinct(events.c.visitor))
        query = (
            select(events.c.article, readers)
            .where(
                events.c.type == str(EventType.ARTICLE_VIEWED),
                events.c.ts >= since,
                events.c.ts < until,
                events.c.article.startswith(f"{lang}/", autoescape=True),
                events.c.ua_class == "browser",
                events.c.user.is_(None),
                events.c.channel.is_(None),
            )
            .group_by(events.c.article)
            .order_by(readers.desc(), events.c.article)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return tuple((article, count) for article, count in connection.execute(query))

    def marked(self, since: datetime, until: datetime) -> Iterator[Event]:
        """Tickets, withdrawals and events with a user, since <= ts < until; in any order."""
        of_tickets = events.c.type.in_([str(kind) for kind in TICKET_EVENTS])
        when = (events.c.ts >= since, events.c.ts < until)
        with self._database.reading() as connection:
            for condition in (of_tickets, events.c.user.is_not(None)):
                rows = connection.execute(select(*_COLUMNS).where(condition, *when))
                yield from map(_event, rows.all())

    def of_people(
        self, visitors: Collection[str], users: Collection[str], since: datetime, until: datetime
    ) -> Iterator[Event]:
        """Those of any of these visitors or users, since <= ts < until; in any order."""
        when = (events.c.ts >= since, events.c.ts < until)
        with self._database.reading() as connection:
            for column, names in ((events.c.visitor, visitors), (events.c.user, users)):
                for some in portions(sorted(names)):
                    rows = connection.execute(select(*_COLUMNS).where(column.in_(some), *when))
                    yield from map(_event, rows.all())

    def purge(self, before: datetime) -> int:
        with self._database.writing() as connection:
            note_purged(connection, before)
        return delete_rows(self._database, events.c.event_id, events.c.ts < before)

    def _pages(self, *conditions: Any) -> Iterator[Event]:
        after: Any = None
        while True:
            query = select(*_COLUMNS).where(*conditions)
            if after is not None:
                ts, event_id = after
                query = query.where(
                    events.c.ts >= ts, or_(events.c.ts > ts, events.c.event_id > event_id)
                )
            query = query.order_by(events.c.ts, events.c.event_id).limit(PAGE)
            with self._database.reading() as connection:
                rows = connection.execute(query).all()
            yield from map(_event, rows)
            if len(rows) < PAGE:
                return
            after = (rows[-1].ts, rows[-1].event_id)


def insert_events(connection: Connection, batch: Sequence[Event]) -> None:
    """Write events within a transaction; those whose id is there already are left alone."""
    if not batch:
        return
    put_new(connection, events, [_row(event) for event in batch])
    note_written(connection, (event.ts for event in batch))


def _row(event: Event) -> dict[str, Any]:
    row = {name: getattr(event, name) for name in _TEXTS}
    row["type"], row["surface"] = str(event.type), str(event.surface)
    row["results"] = [[s.article, s.section, s.rank, s.score] for s in event.results] or None
    return row


def _event(row: Any) -> Event:
    """The columns stand in the order of the fields; millions of rows are read this way."""
    event_id, ts, kind, surface, *facts = row
    facts[_RESULTS] = tuple(Shown(*item) for item in facts[_RESULTS] or ())
    return Event(event_id, ts, _TYPES[kind], _SURFACES[surface], *facts)
