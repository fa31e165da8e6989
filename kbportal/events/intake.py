"""Events as a browser sends them: only what it can know, and nothing unknown is let by.

Who, when and from where is decided by the server; a browser never files a ticket this way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kbportal.events.catalog import MAX_RESULTS, Event, EventType, Shown, Surface, check, event_type
from kbportal.events.errors import InvalidEvent, UnknownEvent
from kbportal.events.privacy import scrub
from kbportal.kernel.text import normalise

FROM_BROWSERS = frozenset(EventType) - {
    EventType.SUGGEST_GHOST,
    EventType.TICKET_CREATED,
    EventType.TICKET_WITHDRAWN,
}

_TEXTS = ("locale", "query_norm", "index_generation", "ranker_version", "article", "section",
          "reason", "value")  # fmt: skip
_NAMES = frozenset({"locale", "article"})
"""Texts that must name something of the portal's, as whoever takes the event checks."""
_FIELDS = frozenset({"event_id", "type", "surface", "results", "dwell_ms", *_TEXTS})
_EVENT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Sender:
    """What the server knows of the one who sends."""

    visitor: str | None = None
    session: str | None = None
    user: str | None = None
    arm: str | None = None
    ua_class: str = "browser"


def read_client_event(
    payload: object, sender: Sender, *, event_id: str, now: datetime, channel: str | None = None
) -> Event:
    """The event that a browser's JSON object describes, checked and scrubbed.

    Args:
        payload: Parsed JSON. Its own ``event_id`` (32 hexadecimal digits), if it has one,
            counts, so that a repeated delivery is recognised.
        event_id: The id for an event that brings none.
        channel: ``prefetch``, ``prerender`` or ``agent_shared``, as the server found out.

    Raises:
        UnknownEvent, InvalidEvent: with the field at fault.
    """
    if not isinstance(payload, Mapping):
        raise InvalidEvent("an event is a JSON object", type="", field="", problem="not_an_object")
    kind = event_type(payload.get("type"))
    if kind not in FROM_BROWSERS:
        raise UnknownEvent("only the server records this event", type=str(kind))
    if unknown := [str(name) for name in payload if name not in _FIELDS]:
        raise _invalid(kind, min(unknown)[:64], "unknown")
    texts: dict[str, Any] = {name: _text(payload.get(name), kind, name) for name in _TEXTS}
    texts["locale"] = texts["locale"] or ""
    event = Event(
        event_id=_own_id(payload, kind) or event_id,
        ts=now,
        type=kind,
        surface=_surface(payload, kind),
        visitor=sender.visitor,
        session=sender.session,
        user=sender.user,
        arm=sender.arm,
        ua_class=sender.ua_class,
        channel=channel,
        results=_results(payload.get("results"), kind),
        dwell_ms=_dwell(payload.get("dwell_ms"), kind),
        **texts,
    )
    check(event)
    return event


def _own_id(payload: Mapping[str, object], kind: EventType) -> str | None:
    value = payload.get("event_id")
    if value is None:
        return None
    if not isinstance(value, str) or not _EVENT_ID.fullmatch(value):
        raise _invalid(kind, "event_id", "malformed")
    return value


def _surface(payload: Mapping[str, object], kind: EventType) -> Surface:
    value = payload.get("surface")
    if not isinstance(value, str) or value not in tuple(Surface):
        raise _invalid(kind, "surface", "missing" if value is None else "unknown")
    return Surface(value)


def _text(value: object, kind: EventType, field: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _invalid(kind, field, "not_text")
    if len(value) > 4096:
        raise _invalid(kind, field, "too_long")
    if field in _NAMES:
        return normalise(value)
    # Our own scripts put nothing personal anywhere; somebody else's might.
    text = scrub(normalise(value))
    return text[:512] if field == "query_norm" else text


def _dwell(value: object, kind: EventType) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise _invalid(kind, "dwell_ms", "not_a_number")


def _results(value: object, kind: EventType) -> tuple[Shown, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_RESULTS:
        raise _invalid(kind, "results", "malformed")
    return tuple(_shown(item, kind, rank) for rank, item in enumerate(value, 1))


def _shown(item: object, kind: EventType, rank: int) -> Shown:
    if not isinstance(item, Mapping) or not set(item) <= {"article", "section", "rank", "score"}:
        raise _invalid(kind, "results", "malformed")
    article, section = item.get("article"), item.get("section") or ""
    if not (isinstance(article, str) and isinstance(section, str)):
        raise _invalid(kind, "results", "malformed")
    own_rank, score = item.get("rank", rank), item.get("score") or 0.0
    if not (isinstance(own_rank, int) and isinstance(score, int | float)):
        raise _invalid(kind, "results", "malformed")
    in_range = 0 < len(article) <= 300 and len(section) <= 200 and 1 <= own_rank <= 1000
    if not (in_range and abs(score) <= 1e9):
        raise _invalid(kind, "results", "out_of_range")
    return Shown(article=article, section=section, rank=own_rank, score=float(score))


def _invalid(kind: EventType, field: str, problem: str) -> InvalidEvent:
    return InvalidEvent(f"{kind}: {field} {problem}", type=str(kind), field=field, problem=problem)
