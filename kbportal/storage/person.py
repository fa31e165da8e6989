"""Everything that is known of one person, as they may have it: no secret of ours, no token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from kbportal.kernel.addresses import fold_address
from kbportal.privacy.model import PersonFile, StoredFile
from kbportal.storage.erasure import visitors_of
from kbportal.storage.portions import portions
from kbportal.storage.senders import tickets_of
from kbportal.storage.tables import (
    attachments,
    events,
    messages,
    outbox,
    proven_addresses,
    ratings,
    ticket_links,
    tickets,
    users,
)

_OURS = {"token_digest", "draft_id", "content_digest", "erased", "stored", "draft", "digest",
         "claimed", "claimed_by", "address", "id", "ticket_id"}  # fmt: skip
"""Columns that say nothing about the person, or that open doors."""


def person_file(connection: Connection, address: str, *, key: str) -> PersonFile:
    """As `PrivacyStore.person`, of one consistent state."""
    folded = fold_address(address)
    ids = [one.id for one in tickets_of(connection, folded)]
    visitors = visitors_of(connection, key=key, tickets_=ids)
    found = [_ticket(connection, one) for one in ids]
    proven = connection.execute(
        select(proven_addresses.c.proven).where(proven_addresses.c.address == folded)
    ).scalar()
    letters = select(*outbox.c).where(outbox.c.address == folded).order_by(outbox.c.created)
    document = {
        "address": folded,
        "tickets": [facts for facts, _ in found],
        "letters": [_plain(row) for row in connection.execute(letters)],
        "visits": [
            _plain(row)
            for some in portions(visitors)
            for row in connection.execute(
                select(*events.c).where(events.c.visitor.in_(some)).order_by(events.c.ts)
            )
        ],
        "address_proven": _value(proven),
        "has_staff_account": bool(
            connection.execute(select(users.c.id).where(users.c.email == folded)).first()
        ),
    }
    return PersonFile(document, tuple(file for _, files in found for file in files))


def _ticket(connection: Connection, ticket_id: str) -> tuple[dict[str, Any], list[StoredFile]]:
    """A ticket with all that hangs on it."""
    facts = _plain(connection.execute(select(*tickets.c).where(tickets.c.id == ticket_id)).one())
    files = _of(connection, attachments, ticket_id)
    folder = f"ticket-{facts['number']}"
    stored = [
        StoredFile(row.stored, f"{folder}/{at}-{row.name}") for at, row in enumerate(files, 1)
    ]
    facts["messages"] = [_plain(row) for row in _of(connection, messages, ticket_id)]
    facts["files"] = [
        _plain(row) | {"in_this_archive": one.name} for row, one in zip(files, stored, strict=True)
    ]
    facts["links"] = [_plain(row) for row in _of(connection, ticket_links, ticket_id)]
    facts["ratings"] = [_plain(row) for row in _of(connection, ratings, ticket_id)]
    return facts, stored


def _of(connection: Connection, table: Table, ticket_id: str) -> Sequence[Any]:
    query = select(*table.c).where(table.c.ticket_id == ticket_id).order_by(table.c.created)
    return connection.execute(query).all()


def _plain(row: Any) -> dict[str, Any]:
    """A row as JSON has it, without what is empty."""
    return {
        name: _value(value)
        for name, value in row._mapping.items()
        if value not in (None, "", []) and name not in _OURS
    }


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
