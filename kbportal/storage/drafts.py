"""Unsent forms, each under the digest of its id."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Connection, delete, exc, insert, select, update

from kbportal.storage.database import Database
from kbportal.storage.tables import drafts
from kbportal.tickets.draft import SENT, Draft

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

    def delete(self, digest: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(drafts).where(drafts.c.digest == digest))

    def purge(self, now: datetime) -> int:
        with self._database.writing() as connection:
            return connection.execute(delete(drafts).where(drafts.c.expires <= now)).rowcount


def end_draft(connection: Connection, digest: str | None) -> None:
    """Forget what was typed once it is sent, so that a late writing does not bring it back."""
    gone = {"typed": {}, "writer": SENT}
    connection.execute(update(drafts).where(drafts.c.digest == digest).values(gone))


def _write(connection: Connection, draft: Draft, base: int) -> Draft | None:
    found = _one(connection, draft.digest)
    if found is None or found.expires <= draft.updated:
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


def _one(connection: Connection, digest: str) -> Draft | None:
    row = connection.execute(select(*_COLUMNS).where(drafts.c.digest == digest)).first()
    return Draft(**row._asdict()) if row else None
