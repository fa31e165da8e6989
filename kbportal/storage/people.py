"""Accounts, sessions, invitations and failed attempts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exc, insert, select, update

from kbportal.people.errors import AddressTaken
from kbportal.people.model import Invitation, Role, StaffSession, User
from kbportal.storage.database import Database
from kbportal.storage.tables import (
    FIRST_ADMIN,
    counters,
    failures,
    invitations,
    staff_sessions,
    users,
)

_USER = (users.c.id, users.c.email, users.c.name, users.c.role, users.c.created, users.c.disabled)


class SqlPeopleStore:
    """PeopleStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_user(self, user: User, *, password_hash: str) -> None:
        with _address_is_free(), self._database.writing() as connection:
            _insert_user(connection, user, password_hash)

    def user(self, user_id: str) -> User | None:
        return self._user_where(users.c.id == user_id)

    def user_by_email(self, email: str) -> User | None:
        return self._user_where(users.c.email == email)

    def users(self) -> tuple[User, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(*_USER).order_by(users.c.email)).all()
        return tuple(_user(row) for row in rows)

    def has_admin(self) -> bool:
        with self._database.reading() as connection:
            return _has_admin(connection)

    def password_hash(self, user_id: str) -> str | None:
        query = select(users.c.password_hash).where(users.c.id == user_id)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def set_password_hash(self, user_id: str, password_hash: str) -> None:
        self._change(user_id, password_hash=password_hash)

    def set_role(self, user_id: str, role: Role) -> None:
        self._change(user_id, role=str(role))

    def set_name(self, user_id: str, name: str) -> None:
        self._change(user_id, name=name)

    def set_disabled(self, user_id: str, disabled: bool) -> None:
        self._change(user_id, disabled=disabled)

    def add_session(self, session: StaffSession) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(staff_sessions), asdict(session))

    def session(self, token_digest: str) -> tuple[StaffSession, User] | None:
        query = (
            select(*(column.label(f"session_{column.name}") for column in staff_sessions.c), *_USER)
            .join(users, users.c.id == staff_sessions.c.user_id)
            .where(staff_sessions.c.token_digest == token_digest)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        session = StaffSession(
            row.session_token_digest, row.session_user_id, row.session_created,
            row.session_last_seen,
        )  # fmt: skip
        return session, _user(row)

    def touch_session(self, token_digest: str, now: datetime) -> None:
        mine = staff_sessions.c.token_digest == token_digest
        with self._database.writing() as connection:
            connection.execute(update(staff_sessions).where(mine).values(last_seen=now))

    def end_session(self, token_digest: str) -> None:
        mine = staff_sessions.c.token_digest == token_digest
        with self._database.writing() as connection:
            connection.execute(delete(staff_sessions).where(mine))

    def end_sessions_of(self, user_id: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(staff_sessions).where(staff_sessions.c.user_id == user_id))

    def add_invitation(self, invitation: Invitation) -> None:
        row = asdict(invitation) | {"role": str(invitation.role)}
        with self._database.writing() as connection:
            connection.execute(insert(invitations), row)

    def invitation(self, token_digest: str) -> Invitation | None:
        query = select(*invitations.c).where(invitations.c.token_digest == token_digest)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        facts = row._asdict()
        return Invitation(**(facts | {"role": Role(facts["role"])}))

    def redeem(self, token_digest: str, user: User, *, password_hash: str, now: datetime) -> bool:
        with _address_is_free(), self._database.writing() as connection:
            if not _use_invitation(connection, token_digest, now):
                return False
            _insert_user(connection, user, password_hash)
            return True

    def note_failure(self, key: str, now: datetime, *, forget_before: datetime) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(failures).where(failures.c.at < forget_before))
            connection.execute(insert(failures), {"key": key, "at": now})

    def failures(self, key: str, since: datetime) -> tuple[datetime, ...]:
        query = (
            select(failures.c.at)
            .where(failures.c.key == key, failures.c.at >= since)
            .order_by(failures.c.at, failures.c.id)
        )
        with self._database.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def forgive(self, key: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(failures).where(failures.c.key == key))

    def _user_where(self, condition: Any) -> User | None:
        with self._database.reading() as connection:
            row = connection.execute(select(*_USER).where(condition)).first()
        return _user(row) if row else None

    def _change(self, user_id: str, **values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(update(users).where(users.c.id == user_id).values(**values))


@contextmanager
def _address_is_free() -> Iterator[None]:
    """Turns a violated unique address into AddressTaken."""
    try:
        yield
    except exc.IntegrityError as error:
        raise AddressTaken("there is an account with this address") from error


def _use_invitation(connection: Connection, token_digest: str, now: datetime) -> bool:
    """Mark it used, unless it was, has expired, or is for a first administrator after another."""
    guard = select(counters.c.value).where(counters.c.name == FIRST_ADMIN).with_for_update()
    connection.execute(guard)
    query = select(invitations.c.email, invitations.c.used, invitations.c.expires)
    row = connection.execute(query.where(invitations.c.token_digest == token_digest)).first()
    if row is None or row.used is not None or row.expires <= now:
        return False
    if row.email is None and _has_admin(connection):
        return False
    mine = invitations.c.token_digest == token_digest
    connection.execute(update(invitations).where(mine).values(used=now))
    return True


def _has_admin(connection: Connection) -> bool:
    enabled_admin = (users.c.role == str(Role.ADMIN)) & users.c.disabled.is_(False)
    query = select(users.c.id).where(enabled_admin).order_by(users.c.id).limit(1)
    return connection.execute(query).first() is not None


def _insert_user(connection: Connection, user: User, password_hash: str) -> None:
    row = asdict(user) | {"role": str(user.role), "password_hash": password_hash}
    connection.execute(insert(users), row)


def _user(row: Any) -> User:
    return User(row.id, row.email, row.name, Role(row.role), row.created, row.disabled)
