"""Forgetting one person: in one transaction, and so that every count stays what it was.

The ids of their browsers become one new id, since they were counted as one visitor, too. With
it nothing leads from the events to the person any more, nor to the cookie in their browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from kbportal.events.catalog import EventType
from kbportal.kernel.addresses import fold_address
from kbportal.kernel.ids import new_id
from kbportal.people.audit import AuditLine
from kbportal.privacy.model import Erased
from kbportal.privacy.placeholders import Typed, placeholders
from kbportal.storage.audit import insert_line
from kbportal.storage.facts import note_written
from kbportal.storage.forgetting import forget_tickets
from kbportal.storage.portions import portions
from kbportal.storage.senders import tickets_of
from kbportal.storage.tables import digests, events, messages, outbox, proven_addresses, tickets


def erase_person(
    connection: Connection, address: str, *, key: str, now: datetime, line: AuditLine
) -> Erased:
    """As `PrivacyStore.erase`, within a transaction."""
    folded = fold_address(address)
    theirs = tickets_of(connection, folded)
    ids = [one.id for one in theirs]
    visitors = visitors_of(connection, key=key, tickets_=ids)
    said = sum(_count(connection, messages.c.ticket_id, some) for some in portions(ids))
    letters = _delete_letters(connection, folded, ids)
    stored = [name for some in portions(ids) for name in forget_tickets(connection, some, now=now)]
    proven = connection.execute(
        delete(proven_addresses).where(proven_addresses.c.address == folded)
    ).rowcount
    changed = _unlink(connection, key, visitors)
    if changed:
        # Searches in vain may be quoted in it; what is still to be sent is counted anew.
        connection.execute(delete(digests))
    # What was counted of these days is counted again, from events without the person.
    note_written(connection, changed)
    erased = Erased(
        numbers=tuple(one.number for one in theirs),
        messages=said,
        files=len(stored),
        letters=letters,
        events=len(changed),
        days=tuple(sorted({_day(ts) for ts in changed})),
        stored=tuple(stored),
    )
    if proven or not erased.is_nothing:
        insert_line(connection, replace(line, after=f"{len(erased.numbers)} tickets"))
    return erased


def visitors_of(connection: Connection, *, key: str, tickets_: Sequence[str]) -> list[str]:
    """Ids of the browsers that a person sent tickets from."""
    query = select(events.c.visitor).where(
        events.c.type == str(EventType.TICKET_CREATED), events.c.user == key
    )
    found = set(connection.execute(query).scalars())
    for some in portions(tickets_):
        found |= set(
            connection.execute(select(tickets.c.visitor).where(tickets.c.id.in_(some))).scalars()
        )
    return sorted(one for one in found if one)


def _count(connection: Connection, column: Any, ids: Sequence[str]) -> int:
    return len(connection.execute(select(column).where(column.in_(ids))).all())


def _delete_letters(connection: Connection, folded: str, ids: Sequence[str]) -> int:
    gone = connection.execute(delete(outbox).where(outbox.c.address == folded)).rowcount
    for some in portions(ids):
        gone += connection.execute(delete(outbox).where(outbox.c.ticket_id.in_(some))).rowcount
    return gone


def _unlink(connection: Connection, key: str, visitors: Sequence[str]) -> list[datetime]:
    """Take person, browser and words out of their events; the moments of these events."""
    rows = [row for some in portions(visitors) for row in _events(connection, some)]
    rows.sort(key=lambda row: (row.ts, row.event_id))
    texts = placeholders(
        Typed(row.event_id, row.surface, row.query_norm)
        for row in rows
        if row.query_norm and row.type != str(EventType.FORM_SOLVED)
    )
    visitor = new_id()
    sessions = {row.session: new_id() for row in rows if row.session}
    changes = [
        {
            "this": row.event_id,
            "visitor": visitor,
            "session": sessions.get(row.session),
            # What search learnt from a press goes with its words.
            "query_norm": texts.get(row.event_id),
            "user": None if row.user == key else row.user,
        }
        for row in rows
    ]
    if changes:
        this = events.c.event_id == bindparam("this")
        connection.execute(update(events).where(this), changes)
    for some in portions(visitors):
        # Somebody else wrote from the same browser; their ticket keeps its trail.
        connection.execute(
            update(tickets).where(tickets.c.visitor.in_(some)).values(visitor=visitor)
        )
    return [row.ts for row in rows]


def _events(connection: Connection, visitors: Sequence[str]) -> Sequence[Any]:
    columns = ("event_id", "ts", "type", "surface", "visitor", "session", "user", "query_norm")
    query = select(*(events.c[name] for name in columns))
    return connection.execute(query.where(events.c.visitor.in_(visitors))).all()


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
