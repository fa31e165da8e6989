"""Saying no to being recognised: by what the browser sends, or by a cookie that says just that.

Whoever says no is counted without any id, so that two visits of theirs are never put together.
"""

from __future__ import annotations

from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from kbportal.web.portal import portal

COOKIE = "kb_optout"
LIFETIME = timedelta(days=365)


def browser_objects() -> bool:
    """Whether the browser says Global Privacy Control or Do Not Track."""
    return request.headers.get("Sec-GPC") == "1" or request.headers.get("DNT") == "1"


def has_opted_out() -> bool:
    """Whether somebody said no on our page about it, in this browser."""
    return COOKIE in request.cookies


def wants_privacy() -> bool:
    """Whether no id may be given to this visitor, whoever said so."""
    return browser_objects() or has_opted_out()


def opt_out(response: AnyResponse) -> None:
    """Remember the no; the cookie is the same for everybody."""
    https = portal().settings.is_https
    response.set_cookie(COOKIE, "1", max_age=LIFETIME, httponly=True, samesite="Lax", secure=https)


def opt_in(response: AnyResponse) -> None:
    """Forget the no."""
    response.delete_cookie(COOKIE)
