"""The addresses by which a requester reaches a ticket: opened, ended, replaced, sent again.

A link opens its ticket until it is revoked, or until so many days after the later of two things:
the link was made, the ticket changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kbportal.kernel.addresses import fold_address
from kbportal.kernel.ids import new_token, token_digest
from kbportal.mail.model import Kind, Letter, letter_id
from kbportal.mail.rules import APART, GIVEN_UP_AFTER
from kbportal.tickets.errors import LinkEnded, TicketMissing
from kbportal.tickets.model import Link, Ticket
from kbportal.tickets.ports import TicketStore

MAX_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket, and whether the link was one that only its mailbox was told."""

    ticket: Ticket
    by_mail: bool


def open_link(store: TicketStore, token: str, *, now: datetime, lifetime: timedelta) -> Opened:
    """The ticket behind a secret address.

    Raises:
        TicketMissing: There never was such a link.
        LinkEnded: It was revoked, or is too old.
    """
    found = store.by_token_digest(token_digest(token[:MAX_TOKEN]))
    if found is None:
        raise TicketMissing("no such link")
    ticket, link = found
    if link.revoked is not None:
        raise LinkEnded("the link was revoked", reason="revoked")
    if now > max(link.created, ticket.updated) + lifetime:
        raise LinkEnded("the link is too old", reason="expired")
    return Opened(ticket, link.mailed)


def renew(store: TicketStore, ticket: Ticket, *, now: datetime) -> str:
    """Make all links of a ticket dead and return the secret of a new one."""
    token = new_token()
    link = Link(token_digest(token), ticket.id, mailed=False, created=now)
    store.revoke_links(ticket.id, now=now, instead=link)
    return token


def asked_for(email: str, *, lang: str, now: datetime) -> Letter:
    """A letter with the links of all tickets of an address.

    Whether there are any is found out when it leaves: until then, a known and an unknown address
    cost the same work and leave the same trace.
    """
    hour = int(now.timestamp() // APART.total_seconds())
    return Letter(
        id=letter_id(Kind.LINKS, f"{fold_address(email)} {hour}"),
        kind=Kind.LINKS,
        to=email,
        lang=lang,
        created=now,
        due=now,
        until=now + GIVEN_UP_AFTER,
    )
