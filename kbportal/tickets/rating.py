"""Rating the help: one question once a ticket is finished, and a comment if one likes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kbportal.tickets.errors import MessageRefused, StatusRefused
from kbportal.tickets.model import Author, Message, Rating, Status, Ticket, Verdict
from kbportal.tickets.ports import TicketStore
from kbportal.tickets.texts import clean_lines

MAX_COMMENT = 2_000


def may_rate(ticket: Ticket, messages: Iterable[Message]) -> bool:
    """Whether there was help to speak of: it is solved, or closed after an agent wrote."""
    if ticket.status is Status.CLOSED:
        return any(one.author is Author.AGENT for one in messages)
    return ticket.status is Status.SOLVED


def rate(
    store: TicketStore, ticket: Ticket, *, verdict: Verdict, comment: str, now: datetime
) -> Rating:
    """Keep what the requester says; said again, it takes the place of what was said before.

    Raises:
        StatusRefused: There is nothing to rate yet.
        MessageRefused: The comment is too long.
    """
    if not may_rate(ticket, store.messages(ticket.id)):
        raise StatusRefused("there is nothing to rate yet", status=str(ticket.status))
    comment = clean_lines(comment)
    if len(comment) > MAX_COMMENT:
        raise MessageRefused("the comment is too long", problem="too_long")
    rating = Rating(ticket.id, verdict, comment, now, now)
    store.rate(rating)
    return rating
