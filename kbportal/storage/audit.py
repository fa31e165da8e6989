"""What the staff did, and what they decided: an act and its line are kept together."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, insert, select

from kbportal.people.audit import Action, AuditLine, AuditPage
from kbportal.storage.database import Database
from kbportal.storage.tables import audit, switches
from kbportal.storage.upsert import put


class SqlAuditStore:
    """AuditStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, line: AuditLine) -> None:
        with self._database.writing() as connection:
            insert_line(connection, line)

    def page(self, *, before: str | None = None, limit: int = 50) -> AuditPage:
        query = select(*audit.c).order_by(audit.c.id.desc()).limit(limit + 1)
        if before is not None:
            query = query.where(audit.c.id < before)
        with self._database.reading() as connection:
            found = [_line(row) for row in connection.execute(query).mappings()]
        return AuditPage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


class SqlSwitchStore:
    """SwitchStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def switch(self, name: str) -> str | None:
        query = select(switches.c.value).where(switches.c.name == name)
        with self._database.reading() as connection:
            value: str | None = connection.execute(query).scalar()
        return value

    def set_switch(self, name: str, value: str, line: AuditLine) -> None:
        with self._database.writing() as connection:
            put(connection, switches, {"name": name, "value": value})
            insert_line(connection, line)


def insert_line(connection: Connection, line: AuditLine) -> None:
    """Write a line within the transaction of what it tells."""
    connection.execute(insert(audit).values(asdict(line) | {"action": str(line.action)}))


def insert_lines(connection: Connection, *lines: AuditLine | None) -> None:
    """The same for those that there are: not every act is one of the staff's."""
    for line in lines:
        if line is not None:
            insert_line(connection, line)


def _line(row: Any) -> AuditLine:
    return AuditLine(**{**row, "action": Action(row["action"])})
