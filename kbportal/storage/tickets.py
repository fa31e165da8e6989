"""Tickets and what was said on them. Each write is one durable transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exc, insert, select

from kbportal.events.catalog import Event
from kbportal.mail.model import Letter
from kbportal.people.audit import AuditLine
from kbportal.storage.attachments import hand_over
from kbportal.storage.audit import insert_lines
from kbportal.storage.database import Database
from kbportal.storage.drafts import end_draft
from kbportal.storage.events import insert_events
from kbportal.storage.evidence import read_evidence
from kbportal.storage.links import insert_links, link_of, revoke_links
from kbportal.storage.posting import insert_letter
from kbportal.storage.quarantine import let_out, times_said, waiting_in_quarantine
from kbportal.storage.ratings import put_rating, rating_of
from kbportal.storage.service import note_finished
from kbportal.storage.tables import messages, tickets
from kbportal.storage.ticket_lists import ticket_counts, ticket_page, wanted_by
from kbportal.storage.ticket_rows import (
    COLUMNS,
    change_ticket,
    is_said,
    message_from,
    next_number,
    row_of,
    ticket_by_id,
    ticket_from,
    ticket_of_draft,
)
from kbportal.tickets.desk import as_withdrawn
from kbportal.tickets.evidence import Evidence
from kbportal.tickets.letters import received
from kbportal.tickets.model import (
    FINISHED,
    UNFINISHED,
    Counts,
    Link,
    Message,
    Rating,
    Status,
    Ticket,
    TicketPage,
)


class SqlTicketStore:
    """TicketStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def file(
        self,
        ticket: Ticket,
        created_event: Event,
        *,
        draft: str | None = None,
        letter: Letter | None = None,
    ) -> tuple[Ticket, bool]:
        try:
            with self._database.writing() as connection:
                if earlier := ticket_of_draft(connection, ticket.draft_id):
                    if earlier.token_digest == ticket.token_digest:
                        _take_from_draft(connection, draft, earlier.id, now=ticket.created)
                    return earlier, False
                kept = replace(ticket, number=next_number(connection))
                connection.execute(insert(tickets), row_of(kept))
                insert_events(connection, [created_event])
                insert_links(connection, [Link(kept.token_digest, kept.id, False, kept.created)])
                _keep(connection, letter)
                _take_from_draft(connection, draft, kept.id, now=ticket.created)
                return kept, True
        except exc.IntegrityError:
            # Another process kept the same draft after we looked; its ticket stands.
            with self._database.reading() as connection:
                if earlier := ticket_of_draft(connection, ticket.draft_id):
                    return earlier, False
            raise

    def repeated(self, content_digest: str, *, since: datetime) -> int:
        with self._database.reading() as connection:
            return times_said(connection, content_digest, since=since)

    def release(
        self, ticket_id: str, *, now: datetime, line: AuditLine | None = None
    ) -> Ticket | None:
        with self._database.writing() as connection:
            did = let_out(connection, ticket_id, now=now)
            ticket = ticket_by_id(connection, ticket_id)
            if did and ticket:
                _keep(connection, received(ticket, now=now))
                insert_lines(connection, line)
            return ticket

    def quarantined(self) -> int:
        with self._database.reading() as connection:
            return waiting_in_quarantine(connection)

    def by_id(self, ticket_id: str) -> Ticket | None:
        return self._one(tickets.c.id == ticket_id)

    def by_number(self, number: int) -> Ticket | None:
        return self._one(tickets.c.number == number, tickets.c.erased.is_(None))

    def by_token_digest(self, token_digest: str) -> tuple[Ticket, Link] | None:
        with self._database.reading() as connection:
            link = link_of(connection, token_digest)
            ticket = ticket_by_id(connection, link.ticket_id) if link else None
        return (ticket, link) if ticket and link else None

    def list(
        self,
        *,
        statuses: Iterable[Status] | None = None,
        lang: str | None = None,
        before: int | None = None,
        limit: int = 50,
        quarantined: bool | None = None,
    ) -> TicketPage:
        wanted = wanted_by(statuses=statuses, lang=lang, before=before, quarantined=quarantined)
        with self._database.reading() as connection:
            return ticket_page(connection, *wanted, limit=limit)

    def counts(self) -> Counts:
        with self._database.reading() as connection:
            return ticket_counts(connection)

    def messages(self, ticket_id: str) -> tuple[Message, ...]:
        query = (
            select(*messages.c)
            .where(messages.c.ticket_id == ticket_id)
            .order_by(messages.c.created, messages.c.id)
        )
        with self._database.reading() as connection:
            return tuple(message_from(row) for row in connection.execute(query))

    def add_message(
        self,
        message: Message,
        *,
        status: Status,
        event: Event | None = None,
        letter: Letter | None = None,
        draft: str | None = None,
    ) -> Ticket | None:
        change = {"status": str(status), "updated": message.created}
        if status in UNFINISHED:
            change["solved_by_article"] = None
        with self._database.writing() as connection:
            # Who sends the same once more waits here until the first is kept.
            if ticket_by_id(connection, message.ticket_id, lock=True) is None:
                return None
            if not is_said(connection, message):
                change_ticket(connection, message.ticket_id, change)
                row = asdict(message) | {"author": str(message.author)}
                connection.execute(insert(messages), row)
                insert_events(connection, [event] if event else [])
                _keep(connection, letter)
            hand_over(connection, draft, ticket_id=message.ticket_id, message_id=message.id)
            return ticket_by_id(connection, message.ticket_id)

    def set_status(
        self,
        ticket_id: str,
        status: Status,
        *,
        now: datetime,
        solved_by_article: str | None,
        event: Event | None = None,
        letter: Letter | None = None,
    ) -> Ticket | None:
        change = {
            "status": str(status),
            "updated": now,
            "solved_by_article": solved_by_article,
        }
        with self._database.writing() as connection:
            if not change_ticket(connection, ticket_id, change):
                return None
            if status in FINISHED:
                note_finished(connection, ticket_id, now)
            insert_events(connection, [event] if event else [])
            _keep(connection, letter)
            return ticket_by_id(connection, ticket_id)

    def withdraw(self, ticket_id: str, event: Event) -> tuple[Ticket, bool] | None:
        with self._database.writing() as connection:
            ticket = ticket_by_id(connection, ticket_id, lock=True)
            if ticket is None:
                return None
            if ticket.status not in UNFINISHED:
                return ticket, False
            withdrawn = as_withdrawn(ticket, event)
            change_ticket(connection, ticket_id, row_of(withdrawn))
            insert_events(connection, [event])
            return withdrawn, True

    def rating(self, ticket_id: str) -> Rating | None:
        with self._database.reading() as connection:
            return rating_of(connection, ticket_id)

    def rate(self, rating: Rating) -> None:
        with self._database.writing() as connection:
            put_rating(connection, rating)

    def revoke_links(
        self,
        ticket_id: str,
        *,
        now: datetime,
        instead: Link | None = None,
        line: AuditLine | None = None,
    ) -> None:
        with self._database.writing() as connection:
            revoke_links(connection, ticket_id, now=now)
            insert_links(connection, [instead] if instead else [])
            insert_lines(connection, line)

    def evidence(self, *, now: datetime) -> Iterator[Evidence]:
        return read_evidence(self._database, now=now)

    def _one(self, *conditions: Any) -> Ticket | None:
        with self._database.reading() as connection:
            row = connection.execute(select(*COLUMNS).where(*conditions)).first()
        return ticket_from(row) if row else None


def _take_from_draft(
    connection: Connection, draft: str | None, ticket_id: str, *, now: datetime
) -> None:
    """The draft's files become the ticket's; what was kept of its text is no longer needed."""
    hand_over(connection, draft, ticket_id=ticket_id)
    end_draft(connection, draft, now=now)


def _keep(connection: Connection, letter: Letter | None) -> None:
    if letter is not None:
        insert_letter(connection, letter)
