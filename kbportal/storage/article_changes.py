"""Ended tests of articles, with the texts as they were, so that each can be undone."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, select, update

from kbportal.deflection.trials.changes import ArticleChange
from kbportal.people.audit import AuditLine
from kbportal.storage.audit import insert_line
from kbportal.storage.database import Database
from kbportal.storage.tables import article_changes


class SqlChangeStore:
    """ChangeStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, change: ArticleChange, line: AuditLine) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(article_changes).values(asdict(change)))
            insert_line(connection, line)

    def one(self, change_id: str) -> ArticleChange | None:
        query = select(*article_changes.c).where(article_changes.c.id == change_id)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        return ArticleChange(**row) if row else None

    def newest(self, limit: int = 20) -> tuple[ArticleChange, ...]:
        newest = (article_changes.c.at.desc(), article_changes.c.id)
        query = select(*article_changes.c).order_by(*newest).limit(limit)
        with self._database.reading() as connection:
            return tuple(ArticleChange(**row) for row in connection.execute(query).mappings())

    def undo(self, change_id: str, line: AuditLine, *, now: datetime) -> None:
        here = article_changes.c.id == change_id
        with self._database.writing() as connection:
            connection.execute(update(article_changes).where(here).values(undone=now))
            insert_line(connection, line)
