"""Reading what search may learn from; what counts is decided by ``tickets.evidence``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import select

from kbportal.events.catalog import EventType
from kbportal.storage.database import Database
from kbportal.storage.events import SqlEventStore
from kbportal.storage.tables import tickets
from kbportal.tickets.evidence import BEGINNING, Evidence, from_presses, from_text
from kbportal.tickets.model import FINISHED

_PAGE = 1_000
_COLUMNS = (
    tickets.c.number, tickets.c.subject, tickets.c.description, tickets.c.lang,
    tickets.c.solved_by_article, tickets.c.updated,
)  # fmt: skip


def read_evidence(database: Database, *, now: datetime) -> Iterator[Evidence]:
    """Resolved tickets in the order of their numbers, then confirmed presses by time."""
    yield from _from_tickets(database)
    events = SqlEventStore(database)
    yield from from_presses(
        events.of_type(EventType.FORM_SOLVED, BEGINNING, now),
        chain(
            events.of_type(EventType.TICKET_CREATED, BEGINNING, now),
            events.of_type(EventType.SUGGEST_REJECTED, BEGINNING, now),
        ),
        now=now,
    )


def _from_tickets(database: Database) -> Iterator[Evidence]:
    after = 0
    while True:
        query = (
            select(*_COLUMNS)
            .where(tickets.c.number > after, tickets.c.solved_by_article.is_not(None))
            .where(tickets.c.erased.is_(None))
            .where(tickets.c.status.in_(sorted(map(str, FINISHED))))
            .order_by(tickets.c.number)
            .limit(_PAGE)
        )
        with database.reading() as connection:
            rows = connection.execute(query).all()
        yield from map(_evidence, rows)
        if len(rows) < _PAGE:
            return
        after = rows[-1].number


def _evidence(row: Any) -> Evidence:
    return from_text(
        row.subject,
        row.description,
        article_id=row.solved_by_article,
        lang=row.lang,
        at=row.updated,
    )
