"""Unsent forms, each under the digest of its id."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Connection, delete, exc, func, insert, select, update

from kbportal.storage.database import Database
from kbportal.storage.errors import StorageUnavailable
from kbportal.storage.tables import drafts
from kbportal.tickets.draft import KEPT, MOST_DRAFTS, SENT, Draft

_COLUMNS = tuple(drafts.c)


class SqlDraftStore:
    """DraftStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, draft: Draft, *, base: int) -> Draft | None:
        try:
            with self._database.writing() as connection:
                return _write(connection, draft, base)
        except exc.IntegrityError:
            # Another process wrote the first version after we looked.
            return None

    def read(self, digest: str, *, now: datetime) -> Draft | None:
        with self._database.reading() as connection:
            found = _one(connection, digest)
        return found if found and found.expires > now and found.writer != SENT else None

    def delete(self, digest: str, *, now: datetime) -> None:
        with self._database.writing() as connection:
            end_draft(connection, digest, now=now)

    def purge(self, now: datetime) -> int:
        with self._database.writing() as connection:
            return connection.execute(delete(drafts).where(drafts.c.expires <= now)).rowcount


def end_draft(connection: Connection, digest: str | None, *, now: datetime) -> None:
    """Forget what was typed, so that a late writing does not bring it back, nor come first."""
    if digest is None or _emptied(connection, digest):
        return
    try:
        with connection.begin_nested():
            row = Draft(digest, "", {}, SENT, 1, now, now, now + KEPT)
            connection.execute(insert(drafts), asdict(row))
    except exc.IntegrityError:
        # It was written after we looked; what this transaction is about must not fail for it.
        _emptied(connection, digest)


def _emptied(connection: Connection, digest: str) -> bool:
    """Whether there was a draft to take the text from."""
    gone = {"typed": {}, "writer": SENT}
    change = update(drafts).where(drafts.c.digest == digest).values(gone)
    return bool(connection.execute(change).rowcount)


def _write(connection: Connection, draft: Draft, base: int) -> Draft | None:
    found = _one(connection, draft.digest)
    if found is None or found.expires <= draft.updated:
        _ask_for_room(connection, draft.updated)
        connection.execute(delete(drafts).where(drafts.c.digest == draft.digest))
        connection.execute(insert(drafts), asdict(draft))
        return draft
    if found.writer == SENT:
        return found
    if found.version != base and found.writer != draft.writer:
        return found if found.typed == draft.typed else None
    kept = replace(draft, version=found.version + 1, created=found.created)
    connection.execute(update(drafts).where(drafts.c.digest == draft.digest).values(asdict(kept)))
    return kept


def _ask_for_room(connection: Connection, now: datetime) -> None:
    query = select(func.count()).select_from(drafts).where(drafts.c.expires > now)
    if connection.execute(query).scalar_one() >= MOST_DRAFTS:
        raise StorageUnavailable("too many drafts are kept", reason="full")


def _one(connection: Connection, digest: str) -> Draft | None:
    row = connection.execute(select(*_COLUMNS).where(drafts.c.digest == digest)).first()
    return Draft(**row._asdict()) if row else None
