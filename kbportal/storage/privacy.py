"""What is too old, and what is one person's: across all tables."""

from __future__ import annotations

from datetime import datetime

from kbportal.deflection.ledger.forgetting import forget_visitors
from kbportal.people.audit import AuditLine
from kbportal.privacy.model import Erased, Limits, PersonFile, Swept
from kbportal.storage.database import Database
from kbportal.storage.erasure import erase_person
from kbportal.storage.facts import SqlFactStore
from kbportal.storage.overwriting import empty_log, overwrite_deleted
from kbportal.storage.person import person_file
from kbportal.storage.retention import count_due, delete_due


class SqlPrivacyStore:
    """PrivacyStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, limits: Limits) -> Swept:
        return count_due(self._database, limits)

    def sweep(self, limits: Limits) -> tuple[Swept, tuple[str, ...]]:
        swept = delete_due(self._database, limits)
        forget_visitors(SqlFactStore(self._database))
        empty_log(self._database)
        return swept

    def person(self, address: str, *, key: str) -> PersonFile:
        with self._database.reading() as connection:
            return person_file(connection, address, key=key)

    def erase(self, address: str, *, key: str, now: datetime, line: AuditLine) -> Erased:
        with self._database.writing() as connection:
            overwrite_deleted(connection)
            erased = erase_person(connection, address, key=key, now=now, line=line)
        if not erased.is_nothing:
            empty_log(self._database)
        return erased
