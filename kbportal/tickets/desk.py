"""Work on a ticket: agents answer, resolve and move it; its requester replies or withdraws it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kbportal.events.catalog import Event, EventType, Surface
from kbportal.tickets.errors import MessageRefused, StatusRefused, TicketMissing
from kbportal.tickets.letters import replied, solved
from kbportal.tickets.model import UNFINISHED, Author, Message, Status, Ticket
from kbportal.tickets.ports import TicketStore
from kbportal.tickets.texts import clean_lines

MAX_MESSAGE = 20_000

AGENT_MAY_SET = frozenset(Status) - {Status.NEW, Status.WITHDRAWN}
"""A ticket is new only before anyone touched it, and only its requester withdraws it."""


def answer(
    store: TicketStore, ticket: Ticket, *, message_id: str, author: str, body: str, now: datetime
) -> Ticket:
    """An agent writes to the requester, who gets it by mail and on the page of the ticket.

    The ticket then waits for them, unless it is finished.

    Raises MessageRefused, TicketMissing.
    """
    status = Status.WAITING if ticket.status in UNFINISHED else ticket.status
    message = Message(message_id, ticket.id, Author.AGENT, author, _body(body), now)
    return _there(store.add_message(message, status=status, letter=replied(ticket, message)))


def reply(
    store: TicketStore,
    ticket: Ticket,
    *,
    message_id: str,
    body: str,
    now: datetime,
    draft: str | None = None,
) -> Ticket:
    """The requester writes; whatever state the ticket was in, it is open again.

    The files that wait with ``draft`` (a `draft_digest`) go with it.
    Raises MessageRefused, TicketMissing.
    """
    author = ticket.name or ticket.email
    message = Message(message_id, ticket.id, Author.REQUESTER, author, _body(body), now)
    event = _undone(ticket, now=now)
    return _there(store.add_message(message, status=Status.OPEN, event=event, draft=draft))


def set_status(store: TicketStore, ticket: Ticket, *, status: Status, now: datetime) -> Ticket:
    """An agent moves the ticket. Opening it again forgets which article had solved it.

    Raises StatusRefused for ``new`` and ``withdrawn``, TicketMissing.
    """
    if status not in AGENT_MAY_SET:
        raise StatusRefused("an agent cannot set this state", status=str(status))
    reopens = status in UNFINISHED
    solved_by = None if reopens else ticket.solved_by_article
    undone = _undone(ticket, now=now) if reopens else None
    return _there(
        store.set_status(ticket.id, status, now=now, solved_by_article=solved_by, event=undone)
    )


def resolve(
    store: TicketStore,
    ticket: Ticket,
    *,
    article_id: str | None,
    now: datetime,
    message_id: str | None = None,
) -> Ticket:
    """An agent declares it solved, naming the article that did it, if one did.

    The room makes sure that the article exists. Raises TicketMissing.

    Args:
        message_id: What was written along with it, so that one letter tells both.
    """
    solved_by, undone = article_id or None, _undone(ticket, now=now)
    return _there(
        store.set_status(
            ticket.id,
            Status.SOLVED,
            now=now,
            solved_by_article=solved_by,
            event=undone,
            letter=solved(ticket, now=now, message_id=message_id),
        )
    )


def withdraw(
    store: TicketStore,
    ticket: Ticket,
    *,
    article_id: str | None,
    event_id: str,
    now: datetime,
    session: str | None = None,
) -> tuple[Ticket, bool]:
    """The requester takes the ticket back, perhaps because an article helped after all.

    Withdrawing twice changes nothing; the second value says whether this call did it.
    Raises StatusRefused when it was answered and finished before, TicketMissing.
    """
    event = Event(
        event_id=event_id,
        ts=now,
        type=EventType.TICKET_WITHDRAWN,
        surface=Surface.FORM,
        visitor=ticket.visitor,
        session=session,
        locale=ticket.lang,
        article=article_id or None,
        ticket=ticket.id,
    )
    found = store.withdraw(ticket.id, event)
    if found is None:
        raise TicketMissing("no such ticket")
    kept, did = found
    if not did and kept.status is not Status.WITHDRAWN:
        raise StatusRefused("a finished ticket cannot be withdrawn", status=str(kept.status))
    return kept, did


def reopen(store: TicketStore, ticket: Ticket, *, now: datetime) -> Ticket:
    """The requester of a finished ticket is not finished with it. Raises TicketMissing."""
    if ticket.status in UNFINISHED:
        return ticket
    return set_status(store, ticket, status=Status.OPEN, now=now)


def undo_withdrawal(store: TicketStore, ticket: Ticket, *, now: datetime) -> Ticket:
    """The requester wants an answer after all. Raises StatusRefused if it was not withdrawn."""
    if ticket.status is not Status.WITHDRAWN:
        raise StatusRefused("the ticket was not withdrawn", status=str(ticket.status))
    undone = _undone(ticket, now=now)
    return _there(
        store.set_status(ticket.id, Status.OPEN, now=now, solved_by_article=None, event=undone)
    )


def as_withdrawn(ticket: Ticket, event: Event) -> Ticket:
    """The ticket as a withdrawal leaves it; stores use it."""
    return replace(
        ticket, status=Status.WITHDRAWN, updated=event.ts, solved_by_article=event.article
    )


def _undone(ticket: Ticket, *, now: datetime) -> Event | None:
    """What tells the statistics that a withdrawal no longer holds; None if there was none."""
    if ticket.status is not Status.WITHDRAWN:
        return None
    return Event(
        event_id=f"{ticket.id}-undone-{int(now.timestamp())}",
        ts=now,
        type=EventType.TICKET_WITHDRAWN,
        surface=Surface.FORM,
        visitor=ticket.visitor,
        locale=ticket.lang,
        ticket=ticket.id,
        value="undone",
    )


def _body(text: str) -> str:
    body = clean_lines(text)
    if not body:
        raise MessageRefused("the message is empty", problem="required")
    if len(body) > MAX_MESSAGE:
        raise MessageRefused("the message is too long", problem="too_long")
    return body


def _there(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise TicketMissing("no such ticket")
    return ticket
