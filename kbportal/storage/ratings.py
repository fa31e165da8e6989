"""What requesters say of the help they got: one rating per ticket."""

from __future__ import annotations

from sqlalchemy import Connection, select

from kbportal.storage.tables import ratings
from kbportal.storage.upsert import put
from kbportal.tickets.model import Rating, Verdict


def rating_of(connection: Connection, ticket_id: str) -> Rating | None:
    """The rating of a ticket, if it has one."""
    query = select(*ratings.c).where(ratings.c.ticket_id == ticket_id)
    row = connection.execute(query).first()
    if row is None:
        return None
    return Rating(row.ticket_id, Verdict(row.value), row.comment, row.created, row.updated)


def put_rating(connection: Connection, rating: Rating) -> None:
    """Keep a rating; of an earlier one only the moment of its making stays."""
    said = {"value": str(rating.verdict), "comment": rating.comment, "updated": rating.updated}
    row = said | {"ticket_id": rating.ticket_id, "created": rating.created}
    put(connection, ratings, row, change=said)
