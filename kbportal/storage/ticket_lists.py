"""Tickets as the desk lists and counts them: none of people who were forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from kbportal.storage.tables import tickets
from kbportal.storage.ticket_rows import COLUMNS, ticket_from
from kbportal.tickets.model import Counts, Status, TicketPage

_IS_SEEN = tickets.c.erased.is_(None)


def wanted_by(
    *,
    statuses: Iterable[Status] | None,
    lang: str | None,
    before: int | None,
    quarantined: bool | None,
) -> list[Any]:
    """The conditions of a list; None asks for all."""
    wanted: list[Any] = []
    if statuses is not None:
        wanted.append(tickets.c.status.in_([str(status) for status in statuses]))
    if lang is not None:
        wanted.append(tickets.c.lang == lang)
    if before is not None:
        wanted.append(tickets.c.number < before)
    if quarantined is not None:
        wanted.append(tickets.c.quarantine.is_(None) != quarantined)
    return wanted


def ticket_page(connection: Connection, *wanted: Any, limit: int) -> TicketPage:
    """The newest tickets that meet all conditions."""
    newest = tickets.c.number.desc()
    query = select(*COLUMNS).where(_IS_SEEN, *wanted).order_by(newest).limit(limit + 1)
    found = tuple(ticket_from(row) for row in connection.execute(query))
    shown = found[:limit]
    return TicketPage(shown, shown[-1].number if len(found) > limit and shown else None)


def ticket_counts(connection: Connection) -> Counts:
    """How many are in each state, those in quarantine left out."""
    query = (
        select(tickets.c.status, func.count().label("tickets"))
        .where(tickets.c.quarantine.is_(None), _IS_SEEN)
        .group_by(tickets.c.status)
        .order_by(tickets.c.status)
    )
    found = {row.status: row.tickets for row in connection.execute(query)}
    return {status: found.get(str(status), 0) for status in Status}
