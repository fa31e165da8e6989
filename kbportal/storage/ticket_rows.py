"""A ticket as a row: how it is written and read within somebody's transaction."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select, update

from kbportal.storage.tables import TICKET_NUMBER, counters, messages, tickets
from kbportal.tickets.model import Answer, Author, Message, Status, Ticket

COLUMNS = tuple(column for column in tickets.c if column.name != "finished")


def ticket_of_draft(connection: Connection, draft_id: str | None) -> Ticket | None:
    """The ticket that was filed from a draft, if one was."""
    if draft_id is None:
        return None
    row = connection.execute(select(*COLUMNS).where(tickets.c.draft_id == draft_id)).first()
    return ticket_from(row) if row else None


def ticket_by_id(connection: Connection, ticket_id: str, *, lock: bool = False) -> Ticket | None:
    """The ticket of that id; with `lock`, nobody else changes it meanwhile."""
    query = select(*COLUMNS).where(tickets.c.id == ticket_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return ticket_from(row) if row else None


def next_number(connection: Connection) -> int:
    """The next number; others wait for this transaction, so that none is lost or given twice."""
    counter = counters.c.name == TICKET_NUMBER
    connection.execute(update(counters).where(counter).values(value=counters.c.value + 1))
    return int(connection.execute(select(counters.c.value).where(counter)).scalar_one())


def change_ticket(connection: Connection, ticket_id: str, change: dict[str, Any]) -> bool:
    """Change columns of a ticket; False where there is none."""
    done = connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(change))
    return done.rowcount == 1


def row_of(ticket: Ticket) -> dict[str, Any]:
    """A ticket as its table takes it."""
    return asdict(ticket) | {
        "status": str(ticket.status),
        "answers": [asdict(one) for one in ticket.answers] or None,
        "quarantine": ",".join(ticket.quarantine) or None,
    }


def ticket_from(row: Any) -> Ticket:
    """The ticket of a row of `COLUMNS`."""
    facts = row._asdict()
    return Ticket(
        **facts
        | {
            "status": Status(facts["status"]),
            "answers": tuple(Answer(**one) for one in facts["answers"] or ()),
            "quarantine": tuple(filter(None, (facts["quarantine"] or "").split(","))),
        }
    )


def message_from(row: Any) -> Message:
    """The message of a row."""
    facts = row._asdict()
    return Message(**(facts | {"author": Author(facts["author"])}))


def is_said(connection: Connection, message: Message) -> bool:
    """Whether the ticket has this message already."""
    this = (messages.c.id == message.id, messages.c.ticket_id == message.ticket_id)
    return connection.execute(select(messages.c.id).where(*this)).first() is not None
