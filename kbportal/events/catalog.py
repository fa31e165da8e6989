"""The closed catalogue of events: nothing else about a visitor is ever recorded.

An event says what was done, where and when, by whom only as a random visitor id.
``REQUIRED`` is the one table of what each type must carry; ``check`` holds an event to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kbportal.events.errors import InvalidEvent, UnknownEvent

SUSPECTED = "suspected_spam"
"""The reason at a ``ticket_created`` whose ticket is in quarantine; released, it has none."""


class EventType(StrEnum):
    """Every kind of thing that is counted."""

    SEARCH = "search"
    SUGGEST_SHOWN = "suggest_shown"
    SUGGEST_GHOST = "suggest_ghost"
    SUGGEST_EXPANDED = "suggest_expanded"
    SUGGEST_OPENED = "suggest_opened"
    SUGGEST_REJECTED = "suggest_rejected"
    FORM_STARTED = "form_started"
    FORM_SOLVED = "form_solved"
    FORM_QUIT = "form_quit"
    TICKET_CREATED = "ticket_created"
    TICKET_WITHDRAWN = "ticket_withdrawn"
    ARTICLE_VIEWED = "article_viewed"
    ARTICLE_VOTED = "article_voted"
    LANGUAGE_SWITCHED = "language_switched"


class Surface(StrEnum):
    """Where on the portal it happened."""

    SEARCH = "search"
    FORM = "form"
    ARTICLE = "article"
    BOT = "bot"
    FORUM = "forum"
    WIDGET = "widget"


@dataclass(frozen=True, slots=True)
class Shown:
    """One article as a visitor saw it in a list; ``rank`` counts from 1."""

    article: str
    section: str = ""
    rank: int = 1
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    ts: aware UTC. visitor and session are None for people who asked not to be followed.
    user: a staff account's id, or a person's keyed hash (``privacy.person_key``).
    locale: language of the page. arm: the visitor's arms as ``deflection.trials.assignment``
    writes them, such as ``holdout:control@10``. query_norm: scrubbed and normalised text of the
    query. article: article id such as ``en/account/reset-password``. dwell_ms: time it was in view.
    took_ms: how long these suggestions took, as far as the server knows.
    channel: for a ticket the way it came (form, widget, api, mail, phone, staff); for a view
    ``prefetch``, ``prerender`` or ``agent_shared`` where one of these applies; for suggestions
    in the widget ``search`` where they were shown below its search box.
    value: a vote (yes, no); the language switched to; for a view what proves it was seen
    (scrolled, expanded); ``auto`` for an expansion that nobody asked for; ``undone`` where a
    withdrawal no longer holds.
    """

    event_id: str
    ts: datetime
    type: EventType
    surface: Surface
    visitor: str | None = None
    session: str | None = None
    user: str | None = None
    locale: str = ""
    arm: str | None = None
    query_norm: str | None = None
    index_generation: str | None = None
    ranker_version: str | None = None
    results: tuple[Shown, ...] = ()
    article: str | None = None
    section: str | None = None
    dwell_ms: int | None = None
    reason: str | None = None
    ticket: str | None = None
    ua_class: str = "browser"
    channel: str | None = None
    value: str | None = None
    took_ms: int | None = None


SUGGESTIONS = frozenset({EventType.SUGGEST_SHOWN, EventType.SUGGEST_GHOST})
"""What was suggested, whether it was shown or withheld."""
UNDONE = "undone"
"""The reason of a ``suggest_rejected`` that takes a "This solved it" back at once."""


def is_undo(event: Event) -> bool:
    """Whether it takes back a press of "This solved it" on its article."""
    return event.type is EventType.SUGGEST_REJECTED and event.reason == UNDONE


def is_from_search_box(event: Event) -> bool:
    """Whether these suggestions were for a search box and not for the ticket form.

    The widget has both on one surface: there the channel tells.
    """
    if event.type not in SUGGESTIONS:
        return False
    return event.surface is Surface.SEARCH or event.channel == Surface.SEARCH


REQUIRED: Mapping[EventType, tuple[str, ...]] = {
    EventType.SEARCH: ("locale", "query_norm"),
    EventType.SUGGEST_SHOWN: ("locale", "query_norm", "results"),
    EventType.SUGGEST_GHOST: ("locale", "query_norm", "results"),
    EventType.SUGGEST_EXPANDED: ("locale", "article"),
    EventType.SUGGEST_OPENED: ("locale", "article"),
    EventType.SUGGEST_REJECTED: ("locale", "article"),
    EventType.FORM_STARTED: ("locale",),
    EventType.FORM_SOLVED: ("locale", "article"),
    EventType.FORM_QUIT: ("locale",),
    EventType.TICKET_CREATED: ("ticket", "channel"),
    EventType.TICKET_WITHDRAWN: ("ticket",),
    EventType.ARTICLE_VIEWED: ("locale", "article"),
    EventType.ARTICLE_VOTED: ("locale", "article", "value"),
    EventType.LANGUAGE_SWITCHED: ("locale", "value"),
}

LIMITS: Mapping[str, int] = {
    "event_id": 64,
    "visitor": 64,
    "session": 64,
    "user": 64,
    "locale": 16,
    "arm": 200,
    "query_norm": 512,
    "index_generation": 80,
    "ranker_version": 80,
    "article": 300,
    "section": 200,
    "reason": 200,
    "ticket": 64,
    "ua_class": 16,
    "channel": 32,
    "value": 64,
}
"""The longest text, in characters, that each field may hold."""

MAX_RESULTS = 20
MAX_DWELL_MS = 24 * 3600 * 1000
MAX_TOOK_MS = 60 * 1000


def event_type(name: object) -> EventType:
    """The catalogue's type of that name; raises UnknownEvent for any other value."""
    try:
        return EventType(name)  # type: ignore[arg-type]
    except ValueError as error:
        raise UnknownEvent("no such event", type=str(name)[:64]) from error


def check(event: Event) -> None:
    """Hold an event to the catalogue; raises UnknownEvent or InvalidEvent naming the field."""
    kind = event_type(event.type)
    if event.surface not in tuple(Surface):
        raise _invalid(kind, "surface", "unknown")
    if event.ts.utcoffset() != timedelta(0):
        raise _invalid(kind, "ts", "not_utc")
    for field in ("event_id", *REQUIRED[kind]):
        if not getattr(event, field):
            raise _invalid(kind, field, "missing")
    _check_sizes(event, kind)
    if kind is EventType.ARTICLE_VOTED and event.value not in ("yes", "no"):
        raise _invalid(kind, "value", "unknown")


def _check_sizes(event: Event, kind: EventType) -> None:
    for field, limit in LIMITS.items():
        if len(getattr(event, field) or "") > limit:
            raise _invalid(kind, field, "too_long")
    if len(event.results) > MAX_RESULTS:
        raise _invalid(kind, "results", "too_long")
    if event.dwell_ms is not None and not 0 <= event.dwell_ms <= MAX_DWELL_MS:
        raise _invalid(kind, "dwell_ms", "out_of_range")
    if event.took_ms is not None and not 0 <= event.took_ms <= MAX_TOOK_MS:
        raise _invalid(kind, "took_ms", "out_of_range")


def _invalid(kind: EventType, field: str, problem: str) -> InvalidEvent:
    return InvalidEvent(f"{kind}: {field} {problem}", type=str(kind), field=field, problem=problem)
