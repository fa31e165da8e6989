"""What became of the tickets of a period, counted for the guardrails."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, exists, func, or_, select, update

from kbportal.deflection.model import ServiceFacts
from kbportal.storage.database import Database
from kbportal.storage.tables import messages, ratings, tickets
from kbportal.tickets.model import UNFINISHED, Author, Verdict


class SqlService:
    """Reads tickets, their ratings and messages; nothing of it leaves but numbers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def facts(self, since: datetime, until: datetime, *, lang: str | None = None) -> ServiceFacts:
        """Of the tickets that were created since <= then < until and are no suspected spam."""
        wanted = [
            tickets.c.created >= since,
            tickets.c.created < until,
            tickets.c.quarantine.is_(None),
        ]
        if lang is not None:
            wanted.append(tickets.c.lang == lang)
        rated = tickets.outerjoin(ratings, ratings.c.ticket_id == tickets.c.id)
        query = (
            select(
                func.count().label("tickets"),
                func.count(ratings.c.ticket_id).label("rated"),
                _how_many(ratings.c.value == str(Verdict.YES)).label("satisfied"),
                _how_many(_has_message(Author.AGENT)).label("answered"),
                func.count(tickets.c.finished).label("finished"),
                _how_many(_reopened()).label("reopened"),
            )
            .select_from(rated)
            .where(*wanted)
        )
        with self._database.reading() as connection:
            return ServiceFacts(*(int(n or 0) for n in connection.execute(query).one()))


def note_finished(connection: Connection, ticket_id: str, now: datetime) -> None:
    """Remember when a ticket was first solved or closed, so that opening it again shows."""
    first = and_(tickets.c.id == ticket_id, tickets.c.finished.is_(None))
    connection.execute(update(tickets).where(first).values(finished=now))


def _how_many(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _has_message(author: Author, *conditions: Any) -> Any:
    mine = (messages.c.ticket_id == tickets.c.id, messages.c.author == str(author))
    return exists().where(*mine, *conditions)


def _reopened() -> Any:
    unfinished = tickets.c.status.in_([str(status) for status in UNFINISHED])
    again = _has_message(Author.REQUESTER, messages.c.created > tickets.c.finished)
    return and_(tickets.c.finished.is_not(None), or_(unfinished, again))
