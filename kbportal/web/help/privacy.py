"""What is counted here, by the settings in force, and the switch to say no to it.

It works without a script. The form carries no token, as public pages hold none and this one
must set no cookie by being opened; it is taken from our own pages alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.errors import PortalError
from kbportal.web import visitor
from kbportal.web.help.library import shelf
from kbportal.web.opting_out import browser_objects, has_opted_out, opt_in, opt_out
from kbportal.web.own_origin import is_own_origin
from kbportal.web.portal import portal
from kbportal.web.versions import running


@dataclass(frozen=True, slots=True)
class Practice:
    """What this portal does now.

    withheld: percent of visitors who see no suggestions, 0 for none. tries_versions: whether two
    versions of some article are tried.
    """

    uses_cookie: bool
    kept_d: int
    tickets_kept_d: int
    withheld: int
    tries_versions: bool


def page(lang: str) -> Response:
    """What is counted, and what this visitor has chosen."""
    settings = portal().settings
    practice = Practice(
        uses_cookie=settings.visitor_identity == "cookie",
        kept_d=settings.retention_d,
        tickets_kept_d=settings.ticket_retention_d,
        withheld=portal().holdout.current().control if settings.suggestions else 0,
        tries_versions=_tries_versions(),
    )
    html = render_template(
        "help/privacy.html",
        practice=practice,
        browser_objects=browser_objects(),
        has_opted_out=has_opted_out(),
    )
    return make_response(html)


def choose(lang: str) -> AnyResponse:
    """Remember the choice in the browser; with a no, the id that it had is taken back."""
    _refuse_others()
    choice = request.form.get("choice")
    if choice not in {"out", "in"} or set(request.form) != {"choice"}:
        abort(422)
    response = redirect(url_for("help.privacy", lang=lang, _anchor="choice"), 303)
    if choice == "out":
        opt_out(response)
        response.delete_cookie(visitor.COOKIE)
    else:
        opt_in(response)
    return response


def _tries_versions() -> bool:
    try:
        return bool(running(shelf()))
    except PortalError:
        return False


def _refuse_others() -> None:
    """Nobody chooses for somebody else: only a page of ours may send this form."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if not (site == "same-origin" if site else origin is None or is_own_origin(origin)):
        abort(403)
