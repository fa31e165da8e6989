"""Who is here, as far as they let us know: a random id for 30 days, a session of 30 minutes.

Both live in one first-party cookie, set by the first search, view or form start and never by
merely opening a page. In the widget a keyed hash stands in for it. People who send Global
Privacy Control or Do Not Track, or said no on our page about it, are counted without any id,
and a cookie of earlier days is taken back.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, g, request

from kbportal.deflection.trials.assignment import HOLDOUT, Assigned, arms_text
from kbportal.events.catalog import Event, EventType, Surface
from kbportal.events.privacy import scrub, ua_class
from kbportal.kernel.ids import new_id
from kbportal.kernel.text import normalise
from kbportal.web.arms import holdout_arm, is_control
from kbportal.web.daily import daily_id
from kbportal.web.framed import is_framed
from kbportal.web.locale import current_language
from kbportal.web.opting_out import wants_privacy
from kbportal.web.own_origin import is_own_page
from kbportal.web.portal import portal
from kbportal.web.staff import current_staff
from kbportal.web.versions import arms_in, experiments_on

_log = logging.getLogger(__name__)

COOKIE = "kb_visitor"
LIFETIME = timedelta(days=30)
SESSION_GAP = timedelta(minutes=30)
_VALUE = re.compile(r"([0-9a-f]{32})(?:\.([0-9a-f]{32})\.([0-9a-f]{8}))?")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser as the event log knows it; None where it asked not to be known."""

    id: str | None
    session: str | None


NOBODY = Visitor(None, None)


def install(app: Flask) -> None:
    """Send the cookie with responses to requests that called `identify`."""
    app.after_request(_send_cookie)


def known_visitor() -> Visitor:
    """The visitor that the request names; nobody if it names none."""
    if wants_privacy():
        return NOBODY
    visitor, session, _ = _from_cookie()
    return Visitor(visitor, session)


def identify() -> Visitor:
    """The visitor of this request, made now if new; extends their session."""
    if "visitor" not in g:
        g.visitor = _identify(portal().clock())
    found: Visitor = g.visitor
    return found


def staff_id() -> str | None:
    """The account of a colleague who is looking at the portal; their visits do not count."""
    user = current_staff()
    return user.id if user else None


def is_withheld() -> bool:
    """Whether this visitor sees no suggestions in the ticket form, to measure what they do."""
    return is_control(_assigned().get(HOLDOUT))


def arms(articles: Iterable[str] = (), *, since: datetime | None = None) -> str | None:
    """The arms of this request's visitor, as its events carry them.

    Args:
        articles: What the event is about; tests of their versions are told with it.
        since: When they were shown, if that was before now.
    """
    tried = experiments_on(dict.fromkeys(articles))
    return arms_text(_assigned() | (arms_in(tried, recognised(since)) if tried else {}))


def recognised(since: datetime | None = None) -> str | None:
    """Who this is if they had their id when they asked, or at this moment; sets no cookie."""
    is_robot = ua_class(request.headers.get("User-Agent", "")) == "bot"
    if is_robot or wants_privacy() or staff_id() or g.get("visitor") == NOBODY:
        return None
    if portal().settings.visitor_identity == "daily" or is_framed():
        return identify().id
    visitor = _from_cookie()[0]
    if visitor is None or portal().clock() - _made(visitor) > LIFETIME:
        return None
    return None if since and _made(visitor) > since else visitor


def new_event(
    kind: EventType, surface: Surface, *, query: str | None = None, **facts: Any
) -> Event:
    """An event of this request's visitor, now, in the page's language.

    Args:
        query: Raw text; it is scrubbed of personal data here.
        facts: Further fields of `Event`.
    """
    visitor = identify()
    facts.setdefault("locale", current_language())
    about = [one.article for one in facts.get("results", ())] or [facts.get("article") or ""]
    if is_framed() and kind is EventType.SUGGEST_SHOWN and surface is Surface.SEARCH:
        facts["channel"] = Surface.SEARCH.value
    return Event(
        event_id=new_id(),
        ts=portal().clock(),
        type=kind,
        surface=Surface.WIDGET if is_framed() else surface,
        visitor=visitor.id,
        session=visitor.session,
        user=staff_id(),
        arm=arms(about),
        query_norm=None if query is None else scrub(normalise(query))[:512],
        ua_class=ua_class(request.headers.get("User-Agent", "")),
        **facts,
    )


def record(kind: EventType, surface: Surface, *, query: str | None = None, **facts: Any) -> None:
    """Hand a new event to the recorder; never waits, never fails."""
    try:
        portal().recorder.record(new_event(kind, surface, query=query, **facts))
    except Exception:  # noqa: BLE001  a page is worth more than what is noted about it
        _log.exception("not recorded: %s", kind)


def _assigned() -> dict[str, Assigned]:
    """Arms by experiment; nobody is in any whose id may be another one at the next request.

    A program that keeps no cookie would be drawn anew at every question, and a colleague who
    tries the form shall see what it can do.
    """
    if not _will_be_known() or staff_id():
        return {}
    arm = holdout_arm(identify().id)
    return {HOLDOUT: arm} if arm else {}


def _will_be_known() -> bool:
    """Whether a browser asks that has its id, or asks on one of our pages and will keep it."""
    return COOKIE in request.cookies or is_framed() or is_own_page()


def _identify(now: datetime) -> Visitor:
    if wants_privacy():
        return NOBODY
    # Nothing is stored in a browser that shows our pages in another site's.
    if portal().settings.visitor_identity == "daily" or is_framed():
        return Visitor(*daily_id(portal().settings.instance, now=now))
    visitor, session, seen = _from_cookie()
    if visitor is None or now - _made(visitor) > LIFETIME:
        visitor, session = new_id(), None
    if session is None or seen is None or now - seen > SESSION_GAP:
        session = new_id()
    g.visitor_cookie = f"{visitor}.{session}.{int(now.timestamp()):08x}"
    g.visitor_cookie_age = LIFETIME - (now - _made(visitor))
    return Visitor(visitor, session)


def _from_cookie() -> tuple[str | None, str | None, datetime | None]:
    match = _VALUE.fullmatch(request.cookies.get(COOKIE, ""))
    if match is None:
        return None, None, None
    visitor, session, seen = match.groups()
    at = datetime.fromtimestamp(int(seen, 16), portal().clock().tzinfo) if seen else None
    return visitor, session, at


def _made(visitor: str) -> datetime:
    """When an id was made: its first 48 bits count milliseconds."""
    seconds = int(visitor[:12], 16) / 1000
    now = portal().clock()
    try:
        return min(datetime.fromtimestamp(seconds, now.tzinfo), now)
    except (OverflowError, ValueError, OSError):
        return now - 2 * LIFETIME


def _send_cookie(response: Response) -> Response:
    if value := g.get("visitor_cookie"):
        response.set_cookie(
            COOKIE,
            value,
            max_age=max(g.visitor_cookie_age, timedelta(0)),
            httponly=True,
            samesite="Lax",
            secure=portal().settings.is_https,
        )
    elif wants_privacy() and COOKIE in request.cookies:
        response.delete_cookie(COOKIE)
    return response
