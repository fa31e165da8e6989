"""Readers' comments on articles."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, select

from kbportal.feedback.model import Comment
from kbportal.storage.database import Database
from kbportal.storage.tables import comments


class SqlCommentStore:
    """CommentStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, comment: Comment) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(comments).values(**asdict(comment)))

    def newest(
        self, since: datetime, until: datetime, *, lang: str = "", limit: int = 50
    ) -> tuple[Comment, ...]:
        query = select(*comments.c).where(comments.c.at >= since, comments.c.at < until)
        if lang:
            query = query.where(comments.c.lang == lang)
        query = query.order_by(comments.c.at.desc(), comments.c.id).limit(limit)
        with self._database.reading() as connection:
            return tuple(Comment(**row) for row in connection.execute(query).mappings())
