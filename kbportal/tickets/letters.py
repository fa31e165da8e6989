"""Which letters a ticket's requester gets, and about what; the mail brick says the rest."""

from __future__ import annotations

from datetime import datetime

from kbportal.mail.model import Kind, Letter, letter_id
from kbportal.mail.rules import GIVEN_UP_AFTER
from kbportal.tickets.model import Message, Ticket


def received(ticket: Ticket, *, now: datetime | None = None) -> Letter:
    """The confirmation, with the address of the ticket's page; written as the ticket is."""
    return _letter(Kind.RECEIVED, ticket, about=ticket.id, now=now or ticket.created)


def replied(ticket: Ticket, message: Message) -> Letter:
    """What an agent wrote."""
    return _letter(
        Kind.REPLIED, ticket, about=message.id, now=message.created, message_id=message.id
    )


def solved(ticket: Ticket, *, now: datetime, message_id: str | None = None) -> Letter:
    """That an agent declared it solved, with the message that was written along with it."""
    about = message_id or f"{ticket.id} {now.isoformat()}"
    return _letter(Kind.SOLVED, ticket, about=about, now=now, message_id=message_id)


def _letter(
    kind: Kind, ticket: Ticket, *, about: str, now: datetime, message_id: str | None = None
) -> Letter:
    return Letter(
        id=letter_id(kind, about),
        kind=kind,
        to=ticket.email,
        lang=ticket.lang,
        created=now,
        due=now,
        until=now + GIVEN_UP_AFTER,
        ticket_id=ticket.id,
        message_id=message_id,
    )
