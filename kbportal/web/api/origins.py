"""Which sites may call: this one, those that the operator lists, and programs without a browser.

Other origins are compared exactly. They never get credentials, so their visitors stay unknown.
"""

from __future__ import annotations

from flask import Response, g, request
from flask_babel import gettext as _

from kbportal.web.api.refusals import Refused
from kbportal.web.own_origin import bare, is_own_origin
from kbportal.web.portal import portal
from kbportal.web.visitor import NOBODY

# A description without secrets, which links from anywhere may lead to.
_OPEN_TO_ALL = frozenset({"api.openapi"})
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "600",
}


def refuse_strangers() -> None:
    """Refuse what a browser sends on behalf of a site that is not on the list."""
    if request.endpoint in _OPEN_TO_ALL:
        return
    if is_listed_site():
        if portal().settings.visitor_identity == "cookie":
            g.visitor = NOBODY
        return
    origin = request.headers.get("Origin")
    cross_site = request.headers.get("Sec-Fetch-Site") == "cross-site"
    if cross_site or (origin is not None and not _is_own(origin)):
        raise Refused(403, "origin_refused", _("This site is not allowed to call this address."))


def answer_origin(response: Response) -> Response:
    """Let a listed site read the answer."""
    response.vary.add("Origin")
    if is_listed_site():
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        if request.method == "OPTIONS":
            response.headers.update(_PREFLIGHT)
    return response


def is_listed_site() -> bool:
    """Whether a browser calls from one of the operator's other sites."""
    origin = request.headers.get("Origin")
    listed = {bare(one) for one in portal().settings.allowed_origins} - {"null"}
    return origin in listed


def _is_own(origin: str) -> bool:
    return is_own_origin(origin) or request.headers.get("Sec-Fetch-Site") == "same-origin"
