"""What search found for tickets while nobody had solved them, and what then did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from kbportal.deflection.search_quality import Finding, Judged, Waiting
from kbportal.storage.database import Database
from kbportal.storage.tables import ticket_findings, tickets
from kbportal.storage.upsert import put_new
from kbportal.tickets.evidence import from_text
from kbportal.tickets.model import UNFINISHED, Status

_FINDING = (
    ticket_findings.c.at, ticket_findings.c.lang, ticket_findings.c.generation,
    ticket_findings.c.found,
)  # fmt: skip

# Not those that were withdrawn: their sender saw what search had suggested.
_JUDGED = (str(Status.SOLVED), str(Status.CLOSED))


class SqlQualityStore:
    """QualityStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, *, limit: int) -> tuple[Waiting, ...]:
        known = select(ticket_findings.c.ticket_id)
        query = (
            select(
                tickets.c.id, tickets.c.created, tickets.c.lang, tickets.c.subject,
                tickets.c.description,
            )
            .where(tickets.c.status.in_(sorted(map(str, UNFINISHED))))
            .where(tickets.c.quarantine.is_(None), tickets.c.id.not_in(known))
            .where(tickets.c.erased.is_(None))
            .order_by(tickets.c.number)
            .limit(limit)
        )  # fmt: skip
        with self._database.reading() as connection:
            return tuple(_waiting(row) for row in connection.execute(query))

    def keep(self, findings: Iterable[Finding]) -> None:
        rows = [
            {"ticket_id": one.ticket, "at": one.at, "lang": one.lang,
             "generation": one.generation, "found": list(one.found)}
            for one in findings
        ]  # fmt: skip
        if not rows:
            return
        with self._database.writing() as connection:
            put_new(connection, ticket_findings, rows)

    def judged(self, since: datetime, until: datetime) -> tuple[Judged, ...]:
        query = (
            select(*_FINDING, tickets.c.solved_by_article)
            .join(tickets, tickets.c.id == ticket_findings.c.ticket_id)
            .where(ticket_findings.c.at >= since, ticket_findings.c.at < until)
            .where(tickets.c.solved_by_article.is_not(None))
            .where(tickets.c.status.in_(_JUDGED))
            .order_by(ticket_findings.c.at, ticket_findings.c.ticket_id)
        )
        with self._database.reading() as connection:
            return tuple(_judged(row) for row in connection.execute(query))


def _waiting(row: Any) -> Waiting:
    evidence = from_text(row.subject, row.description, article_id="", lang=row.lang, at=row.created)
    return Waiting(row.id, row.created, row.lang, evidence.text)


def _judged(row: Any) -> Judged:
    found = list(row.found)
    right = row.solved_by_article
    rank = found.index(right) + 1 if right in found else 0
    return Judged(row.at, row.lang, row.generation, rank)
