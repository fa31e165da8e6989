"""Taking the person out of tickets: what is left is counted and can be traced to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, null, update

from kbportal.storage.tables import attachments, messages, outbox, ratings, ticket_links, tickets

_BLANK = {"subject": "", "description": "", "name": "", "email": ""}


def forget_tickets(connection: Connection, ids: Sequence[str], *, now: datetime) -> tuple[str, ...]:
    """Leave of these tickets what is counted: number, state, times, topic, language, verdict.

    Returns the names of their files, whose contents must go once this is committed.
    """
    # Rows that point to others go first.
    connection.execute(delete(outbox).where(outbox.c.ticket_id.in_(ids)))
    of_these = delete(attachments).where(attachments.c.ticket_id.in_(ids))
    stored = connection.execute(of_these.returning(attachments.c.stored)).scalars().all()
    # That there was an answer, and one after the end, is counted.
    blank = update(messages).where(messages.c.ticket_id.in_(ids))
    connection.execute(blank.values(body="", author_name=""))
    connection.execute(delete(ticket_links).where(ticket_links.c.ticket_id.in_(ids)))
    connection.execute(update(ratings).where(ratings.c.ticket_id.in_(ids)).values(comment=""))
    connection.execute(
        update(tickets)
        .where(tickets.c.id.in_(ids))
        .values(
            **_BLANK,
            # Unique and not null; no token has this digest.
            token_digest="erased-" + tickets.c.id,
            draft_id=null(),
            visitor=null(),
            answers=null(),
            content_digest=null(),
            erased=now,
        )
    )
    return tuple(stored)
