"""Who of the staff gets the numbers by mail, and what each week's letters tell."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, select, update

from kbportal.deflection.digest import Reader, week_of
from kbportal.mail.digest import Digest, digest_of
from kbportal.mail.model import Letter
from kbportal.people.audit import AuditLine
from kbportal.people.permissions import ALLOWED, Permission
from kbportal.storage.audit import insert_lines
from kbportal.storage.database import Database
from kbportal.storage.tables import digest_readers, digests, users
from kbportal.storage.upsert import put_new, put_one_new


class SqlDigestStore:
    """DigestStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def readers(self) -> tuple[Reader, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_readers().order_by(users.c.email))
            return tuple(Reader(row.id, row.email, row.lang) for row in rows)

    def wants(self, user_id: str) -> bool:
        query = select(digest_readers.c.user_id).where(digest_readers.c.user_id == user_id)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def subscribe(
        self, user_id: str, *, lang: str, now: datetime, line: AuditLine | None = None
    ) -> None:
        with self._database.writing() as connection:
            row = {"user_id": user_id, "lang": lang, "since": now}
            if put_one_new(connection, digest_readers, row):
                insert_lines(connection, line)
                return
            mine = digest_readers.c.user_id == user_id
            connection.execute(update(digest_readers).where(mine).values(lang=lang))

    def unsubscribe(self, user_id: str, *, line: AuditLine | None = None) -> None:
        mine = digest_readers.c.user_id == user_id
        with self._database.writing() as connection:
            if connection.execute(delete(digest_readers).where(mine)).rowcount:
                insert_lines(connection, line)

    def has(self, week: date) -> bool:
        query = select(digests.c.week).where(digests.c.week == week.isoformat())
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def keep(self, week: date, facts: dict[str, Any], *, now: datetime) -> None:
        with self._database.writing() as connection:
            put_new(connection, digests, [{"week": week.isoformat(), "facts": facts, "made": now}])


def digest_for(connection: Connection, letter: Letter) -> Digest | None:
    """What a letter tells; None when its reader wants it no more, or may not have it."""
    wanted = _readers().where(users.c.email == letter.to)
    if connection.execute(wanted).first() is None:
        return None
    week = week_of(letter.created).isoformat()
    row = connection.execute(select(digests.c.facts).where(digests.c.week == week)).first()
    return digest_of(row.facts) if row else None


def _readers() -> Select[Any]:
    roles = sorted(map(str, ALLOWED[Permission.INSIGHTS]))
    return (
        select(users.c.id, users.c.email, digest_readers.c.lang)
        .join(digest_readers, digest_readers.c.user_id == users.c.id)
        .where(users.c.disabled.is_(False), users.c.role.in_(roles))
    )
