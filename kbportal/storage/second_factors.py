"""Second factors and recovery codes: each change with its audit line and its letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import Connection, delete, func, insert, select, update

from kbportal.mail.model import Kind, Letter, letter_id
from kbportal.mail.rules import GIVEN_UP_AFTER
from kbportal.people.audit import Action, AuditLine
from kbportal.people.model import SecondFactor
from kbportal.storage.audit import insert_line
from kbportal.storage.database import Database
from kbportal.storage.posting import insert_letter
from kbportal.storage.tables import recovery_codes, second_factors, staff_sessions, users

_LETTERS = {
    Action.SECOND_FACTOR_ON: Kind.FACTOR_ON,
    Action.SECOND_FACTOR_OFF: Kind.FACTOR_OFF,
    Action.SECOND_FACTOR_TAKEN: Kind.FACTOR_TAKEN,
    Action.RECOVERY_CODES_MADE: Kind.CODES_MADE,
    Action.RECOVERY_CODE_USED: Kind.CODE_USED,
}


class SqlSecondFactorStore:
    """SecondFactorStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def factor(self, user_id: str) -> SecondFactor | None:
        query = select(*second_factors.c).where(second_factors.c.user_id == user_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return SecondFactor(**row._asdict()) if row else None

    def owners(self) -> frozenset[str]:
        query = select(second_factors.c.user_id).order_by(second_factors.c.user_id)
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def codes_left(self, user_id: str) -> int:
        with self._database.reading() as connection:
            return count_codes(connection, user_id)

    def switch_on(
        self, factor: SecondFactor, codes: Iterable[str], *, line: AuditLine, lang: str
    ) -> None:
        with self._database.writing() as connection:
            _forget(connection, factor.user_id)
            connection.execute(insert(second_factors), asdict(factor))
            _keep_codes(connection, factor.user_id, codes)
            _tell(connection, factor.user_id, line, lang)

    def replace_codes(
        self, user_id: str, codes: Iterable[str], *, line: AuditLine, lang: str
    ) -> bool:
        mine = select(second_factors.c.user_id).where(second_factors.c.user_id == user_id)
        with self._database.writing() as connection:
            if connection.execute(mine.with_for_update()).first() is None:
                return False
            connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
            _keep_codes(connection, user_id, codes)
            _tell(connection, user_id, line, lang)
            return True

    def switch_off(self, user_id: str, *, line: AuditLine, lang: str) -> bool:
        with self._database.writing() as connection:
            if not _forget(connection, user_id):
                return False
            _tell(connection, user_id, line, lang)
            return True

    def use_step(self, user_id: str, step: int) -> bool:
        fresh = (second_factors.c.user_id == user_id) & (second_factors.c.last_step < step)
        with self._database.writing() as connection:
            done = connection.execute(update(second_factors).where(fresh).values(last_step=step))
            return done.rowcount == 1

    def use_code(self, user_id: str, digest: str, *, line: AuditLine, lang: str) -> bool:
        mine = (recovery_codes.c.user_id == user_id) & (recovery_codes.c.digest == digest)
        with self._database.writing() as connection:
            if connection.execute(delete(recovery_codes).where(mine)).rowcount != 1:
                return False
            _note(connection, user_id, line, lang)
            return True


def count_codes(connection: Connection, user_id: str) -> int:
    """How many recovery codes of an account are unused."""
    query = select(func.count()).where(recovery_codes.c.user_id == user_id)
    return int(connection.execute(query).scalar_one())


def _keep_codes(connection: Connection, user_id: str, codes: Iterable[str]) -> None:
    rows = [{"user_id": user_id, "digest": one} for one in codes]
    connection.execute(insert(recovery_codes), rows)


def _forget(connection: Connection, user_id: str) -> bool:
    """Delete the second factor and its codes; whether there was one."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
    mine = second_factors.c.user_id == user_id
    return connection.execute(delete(second_factors).where(mine)).rowcount == 1


def _tell(connection: Connection, user_id: str, line: AuditLine, lang: str) -> None:
    """End all sessions of the owner; note what was done, and write to them."""
    connection.execute(delete(staff_sessions).where(staff_sessions.c.user_id == user_id))
    _note(connection, user_id, line, lang)


def _note(connection: Connection, user_id: str, line: AuditLine, lang: str) -> None:
    insert_line(connection, line)
    query = select(users.c.email).where(users.c.id == user_id)
    insert_letter(
        connection,
        Letter(
            id=letter_id(_LETTERS[line.action], line.id),
            kind=_LETTERS[line.action],
            to=connection.execute(query).scalar_one(),
            lang=lang,
            created=line.at,
            due=line.at,
            until=line.at + GIVEN_UP_AFTER,
        ),
    )
