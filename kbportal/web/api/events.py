"""What only the browser knows: an article was read, a form was begun, left or made needless."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Response, request

from kbportal.events.catalog import Event, EventType, Surface
from kbportal.events.errors import InvalidEvent, UnknownEvent
from kbportal.events.intake import FROM_BROWSERS, Sender, read_client_event
from kbportal.events.privacy import ua_class
from kbportal.kernel.ids import new_id
from kbportal.web.api.body import json_object
from kbportal.web.framed import is_framed
from kbportal.web.marked_links import CHANNEL, was_sent_by_agent
from kbportal.web.portal import portal
from kbportal.web.visitor import arms, identify, staff_id

MAX_BYTES = 16_000
ON_THE_WAY = timedelta(seconds=2)

# Searches and suggestions are recorded by whoever answers them: twice would be once too often.
TAKEN = FROM_BROWSERS - {EventType.SEARCH, EventType.SUGGEST_SHOWN}


def take() -> Response:
    """Record one event of the closed catalogue; 204 once it is taken.

    Raises:
        UnknownEvent, InvalidEvent: Nothing was recorded.
    """
    event = read_client_event(
        json_object(limit_bytes=MAX_BYTES),
        _sender(),
        event_id=new_id(),
        now=portal().clock(),
        channel=_channel(),
    )
    _check(event)
    event = replace(event, arm=_arms(event))
    is_view = event.type is EventType.ARTICLE_VIEWED
    if is_view and event.channel is None and was_sent_by_agent(event.article or ""):
        event = replace(event, channel=CHANNEL)
    # The script is the portal's own and need not know where its page is shown.
    portal().recorder.record(replace(event, surface=Surface.WIDGET) if is_framed() else event)
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response


def _sender() -> Sender:
    visitor = identify()
    agent = ua_class(request.headers.get("User-Agent", ""))
    return Sender(visitor.id, visitor.session, staff_id(), ua_class=agent)


def _arms(event: Event) -> str | None:
    """The sender's arms. A page that was opened before they had an id showed what all see."""
    opened = event.ts - timedelta(milliseconds=event.dwell_ms or 0) - ON_THE_WAY
    return arms([event.article] if event.article else [], since=opened)


def _channel() -> str | None:
    """How a page was opened, where its reader had not yet asked for it."""
    purpose = request.headers.get("Sec-Purpose", "")
    return next((one for one in ("prerender", "prefetch") if one in purpose), None)


def _check(event: Event) -> None:
    """Hold an event to what this portal has: its languages and its public articles."""
    if event.type not in TAKEN:
        raise UnknownEvent("only the server records this event", type=event.type.value)
    languages = portal().settings.languages
    if event.locale not in languages:
        raise _invalid(event, "locale")
    if event.type is EventType.LANGUAGE_SWITCHED and event.value not in languages:
        raise _invalid(event, "value")
    if event.results:
        raise _invalid(event, "results")
    if event.article and portal().live.current().shelf.card(event.article) is None:
        raise _invalid(event, "article")


def _invalid(event: Event, field: str) -> InvalidEvent:
    return InvalidEvent(
        f"{event.type}: unknown {field}", type=event.type.value, field=field, problem="unknown"
    )
