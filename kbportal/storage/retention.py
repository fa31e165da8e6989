"""What is older than it may be: counted, and deleted in portions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, select

from kbportal.privacy.model import Limits, Swept
from kbportal.storage.attachments import ABANDONED
from kbportal.storage.database import Database
from kbportal.storage.events import SqlEventStore
from kbportal.storage.forgetting import forget_tickets
from kbportal.storage.letters import SETTLED
from kbportal.storage.overwriting import overwrite_deleted
from kbportal.storage.portions import count_rows, delete_rows
from kbportal.storage.tables import (
    attachments,
    comments,
    digests,
    drafts,
    events,
    failures,
    outbox,
    ticket_findings,
    tickets,
)
from kbportal.tickets.model import FINISHED

_TICKETS_AT_ONCE = 200
_Going = tuple[Column[Any], tuple[Any, ...]]


def count_due(database: Database, limits: Limits) -> Swept:
    """What is beyond the limits now."""
    whole: dict[str, _Going] = _rows(limits) | {
        "drafts": (drafts.c.digest, (drafts.c.expires <= limits.now,)),
        "files": (attachments.c.id, (*ABANDONED, attachments.c.created < limits.unsent)),
    }
    if limits.tickets:
        whole["tickets"] = (tickets.c.id, _finished(limits))
    return Swept(
        **{
            name: count_rows(database, key.table, *conditions)
            for name, (key, conditions) in whole.items()
        }
    )


def delete_due(database: Database, limits: Limits) -> tuple[Swept, tuple[str, ...]]:
    """Delete it, but for drafts and unsent files; also names of files of tickets that went."""
    counts = {
        name: delete_rows(database, key, *conditions)
        for name, (key, conditions) in _rows(limits).items()
        if name != "events"
    }
    # Not worth a count of their own: ids of articles, and what letters told that went long ago.
    delete_rows(database, ticket_findings.c.ticket_id, ticket_findings.c.at < limits.events)
    delete_rows(database, digests.c.week, digests.c.made < limits.letters)
    # The log itself knows who has to be told that it is shorter now.
    counts["events"] = SqlEventStore(database).purge(limits.events)
    forgotten, stored = _forget_old(database, limits) if limits.tickets else (0, ())
    return Swept(**counts, tickets=forgotten), stored


def _rows(limits: Limits) -> dict[str, _Going]:
    """Name → the column that tells rows apart, and which rows go."""
    return {
        "events": (events.c.event_id, (events.c.ts < limits.events,)),
        "comments": (comments.c.id, (comments.c.at < limits.comments,)),
        "failures": (failures.c.id, (failures.c.at < limits.failures,)),
        "letters": (outbox.c.id, (outbox.c.state.in_(SETTLED), outbox.c.due < limits.letters)),
    }


def _finished(limits: Limits) -> tuple[Any, ...]:
    return (
        tickets.c.updated < limits.tickets,
        tickets.c.status.in_(sorted(map(str, FINISHED))),
        tickets.c.erased.is_(None),
    )


def _forget_old(database: Database, limits: Limits) -> tuple[int, tuple[str, ...]]:
    forgotten = 0
    stored: list[str] = []
    while True:
        query = select(tickets.c.id).where(*_finished(limits)).limit(_TICKETS_AT_ONCE)
        with database.writing() as connection:
            overwrite_deleted(connection)
            ids = connection.execute(query).scalars().all()
            stored += forget_tickets(connection, ids, now=limits.now) if ids else ()
        forgotten += len(ids)
        if len(ids) < _TICKETS_AT_ONCE:
            return forgotten, tuple(stored)
