"""Builders of test data: each gives a sensible whole, of which a test changes what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from kbportal.events.catalog import Event, EventType, Shown, Surface
from kbportal.tickets.model import Ticket
from kbportal.tickets.submission import Submission

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RESET = "en/account/reset-password"

_ids = count(1)

_FACTS: dict[EventType, dict[str, Any]] = {
    EventType.SEARCH: {"query_norm": "reset password", "surface": Surface.SEARCH},
    EventType.SUGGEST_SHOWN: {"query_norm": "reset password", "results": (Shown(RESET),)},
    EventType.SUGGEST_GHOST: {"query_norm": "reset password", "results": (Shown(RESET),)},
    EventType.SUGGEST_EXPANDED: {"article": RESET},
    EventType.SUGGEST_OPENED: {"article": RESET},
    EventType.SUGGEST_REJECTED: {"article": RESET},
    EventType.FORM_SOLVED: {"article": RESET, "query_norm": "reset password"},
    EventType.TICKET_CREATED: {"channel": "form"},
    EventType.TICKET_WITHDRAWN: {"article": RESET, "ticket": "t1"},
    EventType.ARTICLE_VIEWED: {"article": RESET, "dwell_ms": 6_000, "surface": Surface.ARTICLE},
    EventType.ARTICLE_VOTED: {"article": RESET, "value": "yes", "surface": Surface.ARTICLE},
    EventType.LANGUAGE_SWITCHED: {"value": "sk"},
}


def an_event(kind: EventType | str, *, after: timedelta = timedelta(), **facts: Any) -> Event:
    """An event of this type at NOON or so long after, by visitor `v1`, in English."""
    kind = EventType(kind)
    number = next(_ids)
    whole: dict[str, Any] = {
        "event_id": f"{number:032x}",
        "ts": NOON + after,
        "type": kind,
        "surface": Surface.FORM,
        "visitor": "v1",
        "session": "s1",
        "locale": "en",
    }
    if kind is EventType.TICKET_CREATED:
        whole["ticket"] = f"t{number}"
    return Event(**(whole | _FACTS.get(kind, {}) | facts))


def a_ticket(**facts: Any) -> Ticket:
    """A new ticket as a submission makes it, before a store gives it a number."""
    number = next(_ids)
    whole: dict[str, Any] = {
        "id": f"{number:032x}",
        "number": 0,
        "token_digest": f"{number:064x}",
        "subject": "I cannot sign in",
        "description": "The reset link does not arrive.",
        "name": "Jana",
        "email": "jana@example.com",
        "lang": "en",
        "created": NOON,
        "updated": NOON,
        "visitor": "v1",
    }
    return Ticket(**(whole | facts))


def a_submission(**facts: Any) -> Submission:
    """A form that was filled in well."""
    whole: dict[str, Any] = {
        "subject": "I cannot sign in",
        "description": "The reset link does not arrive.",
        "email": "jana@example.com",
        "lang": "en",
        "name": "Jana",
        "draft_id": "draft-1",
        "visitor": "v1",
        "session": "s1",
    }
    return Submission(**(whole | facts))
