"""Every address of the API, who may call it and how often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

from kbportal.events.errors import InvalidEvent, UnknownEvent
from kbportal.web.api import articles, events, gaps, insights, openapi, search, suggest, tickets
from kbportal.web.api.callers import (
    allowance,
    has_key,
    has_none,
    key_name,
    refuse_unknown_keys,
)
from kbportal.web.api.limits import (
    ARTICLES,
    EVENTS,
    INSIGHTS,
    SEARCHES,
    SUGGESTIONS,
    TICKETS_SENT,
)
from kbportal.web.api.origins import answer_origin, refuse_strangers
from kbportal.web.api.refusals import Refused, event_refused, refused
from kbportal.web.security import FILING, TICKETS_FILED, csrf, limiter

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

# All that is asked with one key counts together, whatever it is.
_by_key = limiter.shared_limit(allowance, scope="key", key_func=key_name, exempt_when=has_none)


def _add(rule: str, name: str, answer: Callable[..., Any], *, limit: str, method: str) -> None:
    limited = _by_key(limiter.limit(limit, exempt_when=has_key)(answer))
    blueprint.add_url_rule(rule, name, limited, methods=[method])


def _was_filed(response: Response) -> bool:
    return response.status_code == 201 and tickets.REPEATED_HEADER not in response.headers


_filing = limiter.shared_limit(
    TICKETS_FILED, scope=FILING, deduct_when=_was_filed, exempt_when=has_key
)

_add("/suggest", "suggest", suggest.suggest, limit=SUGGESTIONS, method="GET")
_add("/search", "search", search.search, limit=SEARCHES, method="GET")
_add("/articles/<lang:lang>/<slug>", "article", articles.article, limit=ARTICLES, method="GET")
_add("/openapi.json", "openapi", openapi.openapi, limit=SEARCHES, method="GET")
_add("/insights", "insights", insights.insights, limit=INSIGHTS, method="GET")
_add("/insights/gaps", "gaps", gaps.gaps, limit=INSIGHTS, method="GET")
_add("/events", "events", events.take, limit=EVENTS, method="POST")
_add(
    "/tickets",
    "tickets",
    _filing(tickets.file_ticket),
    limit=TICKETS_SENT,
    method="POST",
)

# No cookie is believed here: writes need JSON and a site that is allowed instead of a form token.
csrf.exempt(blueprint)
blueprint.before_request(refuse_strangers)
blueprint.before_request(refuse_unknown_keys)
blueprint.after_request(answer_origin)
blueprint.register_error_handler(Refused, refused)
blueprint.register_error_handler(UnknownEvent, event_refused)
blueprint.register_error_handler(InvalidEvent, event_refused)
