"""The addresses that open a ticket, by the digests of their secrets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from kbportal.storage.tables import ticket_links
from kbportal.storage.upsert import put_new
from kbportal.tickets.model import Link


def insert_links(connection: Connection, links: Iterable[Link]) -> None:
    """Keep links; those that are there already are left alone, revoked ones too."""
    rows = [
        {"token_digest": one.token_digest, "ticket_id": one.ticket_id, "mailed": one.mailed,
         "created": one.created, "revoked": one.revoked}
        for one in links
    ]  # fmt: skip
    put_new(connection, ticket_links, rows)


def link_of(connection: Connection, token_digest: str) -> Link | None:
    """The link with this digest, whether it still opens anything or not."""
    query = select(*ticket_links.c).where(ticket_links.c.token_digest == token_digest)
    row = connection.execute(query).first()
    return Link(**row._asdict()) if row else None


def revoke_links(connection: Connection, ticket_id: str, *, now: datetime) -> None:
    """Make every link of a ticket dead."""
    connection.execute(
        update(ticket_links)
        .where(ticket_links.c.ticket_id == ticket_id, ticket_links.c.revoked.is_(None))
        .values(revoked=now)
    )
