"""Tickets that are suspected to be spam: set aside, counted apart, and let out again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from kbportal.events.catalog import SUSPECTED
from kbportal.storage.facts import note_written
from kbportal.storage.tables import events, tickets
from kbportal.tickets.model import UNFINISHED


def times_said(connection: Connection, content_digest: str, *, since: datetime) -> int:
    """How many tickets with the same content came since then."""
    query = select(func.count()).where(
        tickets.c.content_digest == content_digest, tickets.c.created >= since
    )
    return int(connection.execute(query).scalar_one())


def waiting_in_quarantine(connection: Connection) -> int:
    """Suspected tickets that nobody has finished, nor forgotten."""
    waiting = tickets.c.status.in_([str(status) for status in UNFINISHED])
    held_back = (tickets.c.quarantine.is_not(None), tickets.c.erased.is_(None))
    query = select(func.count()).where(waiting, *held_back)
    return int(connection.execute(query).scalar_one())


def let_out(connection: Connection, ticket_id: str, *, now: datetime) -> bool:
    """Whether it was suspected until now; from now on it counts like any other."""
    suspected = (tickets.c.id == ticket_id, tickets.c.quarantine.is_not(None))
    change = update(tickets).where(*suspected).values(quarantine=None, updated=now)
    if not connection.execute(change).rowcount:
        return False
    held_back = (events.c.ticket == ticket_id, events.c.reason == SUSPECTED)
    when = select(events.c.ts).where(*held_back)
    note_written(connection, connection.execute(when).scalars().all())
    connection.execute(update(events).where(*held_back).values(reason=None))
    return True
