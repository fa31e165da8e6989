"""Whose tickets are whose: addresses compared as everywhere, which no database does by itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from kbportal.kernel.addresses import fold_address
from kbportal.storage.tables import tickets


def tickets_of(connection: Connection, folded: str, *conditions: Any) -> list[Any]:
    """Rows (id, number) of the tickets of a folded address that meet all conditions, in order."""
    query = select(tickets.c.id, tickets.c.number, tickets.c.email)
    query = query.where(tickets.c.erased.is_(None), *conditions)
    if folded.isascii() and "ss" not in folded:  # It may have been ß.
        # Of letters beyond ASCII databases do not know the small one; others they sort out fast.
        query = query.where(func.lower(tickets.c.email) == folded)
    query = query.order_by(tickets.c.number).execution_options(yield_per=1_000)
    return [row for row in connection.execute(query) if fold_address(row.email) == folded]
