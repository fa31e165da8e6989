"""What is known of files; their contents lie beside the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exc, func, insert, select, update

from kbportal.storage.database import Database
from kbportal.storage.portions import portions
from kbportal.storage.tables import attachments, drafts
from kbportal.tickets.attachments import MOST
from kbportal.tickets.model import Attachment

_COLUMNS = tuple(attachments.c)
_IN_ORDER = (attachments.c.created, attachments.c.id)
ABANDONED = (
    attachments.c.ticket_id.is_(None),
    attachments.c.draft.not_in(select(drafts.c.digest).order_by(drafts.c.digest)),
)


class SqlAttachmentStore:
    """AttachmentStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, attachment: Attachment) -> Attachment:
        same = (
            attachments.c.draft == attachment.draft,
            attachments.c.digest == attachment.digest,
            attachments.c.name == attachment.name,
        )
        try:
            with self._database.writing() as connection:
                if earlier := _found(connection, *same):
                    return earlier[0]
                connection.execute(insert(attachments), asdict(attachment))
                return attachment
        except exc.IntegrityError:
            with self._database.reading() as connection:
                if earlier := _found(connection, *same):
                    return earlier[0]
            raise

    def by_id(self, attachment_id: str) -> Attachment | None:
        return next(iter(self._read(attachments.c.id == attachment_id)), None)

    def of_draft(self, draft: str) -> tuple[Attachment, ...]:
        return self._read(attachments.c.draft == draft)

    def of_ticket(self, ticket_id: str) -> tuple[Attachment, ...]:
        return self._read(attachments.c.ticket_id == ticket_id)

    def remove(self, draft: str, attachment_id: str) -> Attachment | None:
        this = (attachments.c.draft == draft, attachments.c.id == attachment_id)
        with self._database.writing() as connection:
            found = _found(connection, *this)
            connection.execute(delete(attachments).where(*this))
        return found[0] if found else None

    def pass_on(self, draft: str, to: str) -> None:
        change = update(attachments).where(attachments.c.draft == draft).values(draft=to)
        with self._database.writing() as connection:
            connection.execute(change)

    def waiting_bytes(self) -> int:
        query = select(func.coalesce(func.sum(attachments.c.size_bytes), 0)).where(
            attachments.c.ticket_id.is_(None)
        )
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def purge(self, *, before: datetime) -> tuple[str, ...]:
        with self._database.writing() as connection:
            return tuple(_forgotten(connection, attachments.c.created < before))

    def evict(self, size_bytes: int, *, spared: str) -> tuple[str, ...]:
        with self._database.writing() as connection:
            waiting = _found(connection, *ABANDONED, attachments.c.draft != spared)
            ids = [one.id for one in _first(waiting, size_bytes)]
            return tuple(
                stored
                for some in portions(ids)
                for stored in _forgotten(connection, attachments.c.id.in_(some))
            )

    def known(self, stored: Iterable[str]) -> frozenset[str]:
        query = select(attachments.c.stored).order_by(attachments.c.stored)
        with self._database.reading() as connection:
            return frozenset(
                found
                for some in portions(list(stored))
                for found in connection.execute(
                    query.where(attachments.c.stored.in_(some))
                ).scalars()
            )

    def _read(self, *conditions: Any) -> tuple[Attachment, ...]:
        with self._database.reading() as connection:
            return _found(connection, *conditions)


def hand_over(
    connection: Connection, draft: str | None, *, ticket_id: str, message_id: str | None = None
) -> None:
    """Make the files that wait with a draft those of a ticket, or of one of its messages.

    What its ticket or message has already, and what goes beyond the number that is taken, stays
    where it is and expires.
    """
    if draft is None:
        return
    there = _found(
        connection,
        attachments.c.ticket_id == ticket_id,
        attachments.c.message_id == message_id
        if message_id
        else attachments.c.message_id.is_(None),
    )
    known = {(one.digest, one.name) for one in there}
    waiting = _found(connection, attachments.c.draft == draft)
    moved = [one.id for one in waiting if (one.digest, one.name) not in known]
    change = {"draft": None, "ticket_id": ticket_id, "message_id": message_id}
    room = max(0, MOST - len(there))
    connection.execute(update(attachments).where(attachments.c.id.in_(moved[:room])).values(change))


def _found(connection: Connection, *conditions: Any) -> tuple[Attachment, ...]:
    query = select(*_COLUMNS).where(*conditions).order_by(*_IN_ORDER)
    return tuple(Attachment(**row._asdict()) for row in connection.execute(query))


def _forgotten(connection: Connection, condition: Any) -> list[str]:
    """Delete rows without a draft: by what they are now, not by what they were when looked at."""
    change = delete(attachments).where(*ABANDONED, condition).returning(attachments.c.stored)
    return list(connection.execute(change).scalars())


def _first(files: Iterable[Attachment], size_bytes: int) -> Iterator[Attachment]:
    """As many as take so much together."""
    for one in files:
        if size_bytes <= 0:
            return
        size_bytes -= one.size_bytes
        yield one
