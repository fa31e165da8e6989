"""What a letter tells, read from the tickets at the moment in which it leaves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from kbportal.kernel.addresses import fold_address
from kbportal.mail.content import (
    AccountChanged,
    Content,
    Links,
    Received,
    Replied,
    Request,
    Solved,
)
from kbportal.mail.model import ABOUT_ACCOUNTS, Kind, Letter
from kbportal.storage.digests import digest_for
from kbportal.storage.second_factors import count_codes
from kbportal.storage.senders import tickets_of
from kbportal.storage.tables import messages, tickets, users
from kbportal.tickets.model import FINISHED

MOST_LINKS = 10
_REQUEST = (tickets.c.id, tickets.c.number, tickets.c.subject, tickets.c.status)


def content_of(connection: Connection, letter: Letter) -> Content | None:
    """Facts of a letter; None when there is nothing to tell any more."""
    if letter.kind is Kind.LINKS:
        return _links(connection, letter.to)
    if letter.kind is Kind.DIGEST:
        return digest_for(connection, letter)
    if letter.kind in ABOUT_ACCOUNTS:
        return _account_changed(connection, letter)
    query = select(*_REQUEST).where(tickets.c.id == letter.ticket_id)
    row = connection.execute(query).first()
    if row is None:
        return None
    request = _request(row)
    said = _said(connection, letter.message_id)
    if letter.kind is Kind.RECEIVED:
        return Received(request)
    if letter.kind is Kind.REPLIED:
        return Replied(request, *said) if said else None
    if row.status not in {str(status) for status in FINISHED}:
        # Opened again meanwhile: what was written remains to be told, that it is solved does not.
        return Replied(request, *said) if said else None
    return Solved(request, *(said or ("", "")))


def _account_changed(connection: Connection, letter: Letter) -> AccountChanged | None:
    query = select(users.c.id).where(users.c.email == letter.to, users.c.disabled.is_(False))
    row = connection.execute(query).first()
    if row is None:
        return None
    return AccountChanged(letter.kind, letter.created, count_codes(connection, row.id))


def _links(connection: Connection, address: str) -> Links | None:
    theirs = tickets_of(connection, fold_address(address), tickets.c.quarantine.is_(None))
    newest = [one.id for one in theirs[-MOST_LINKS:]]
    query = select(*_REQUEST).where(tickets.c.id.in_(newest)).order_by(tickets.c.number.desc())
    found = tuple(_request(row) for row in connection.execute(query))
    return Links(found) if found else None


def _said(connection: Connection, message_id: str | None) -> tuple[str, str] | None:
    """Author and text of a message."""
    if message_id is None:
        return None
    query = select(messages.c.author_name, messages.c.body).where(messages.c.id == message_id)
    row = connection.execute(query).first()
    return (row.author_name, row.body) if row else None


def _request(row: Any) -> Request:
    return Request(row.id, row.number, row.subject)
