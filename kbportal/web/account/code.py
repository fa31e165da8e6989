"""The second step of signing in: a code from an app, or a recovery code."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.people.errors import CodeRefused, HalfWayEnded, TooManyAttempts
from kbportal.people.signing_in import CodeAttempt, give_code, is_half_way
from kbportal.web import staff
from kbportal.web.account import login
from kbportal.web.account.proof import too_many, waiting
from kbportal.web.local_paths import local_path
from kbportal.web.locale import current_language
from kbportal.web.portal import portal
from kbportal.web.security import client_key

MAX_CODE = 40


def ask() -> AnyResponse:
    """The page for the code; the sign-in page for whoever has not given the password."""
    secret, now = portal().settings.secret_key().encode(), portal().clock()
    if not is_half_way(portal().people, staff.half_way(), secret=secret, now=now):
        return redirect(url_for("account.login", next=_next()), 303)
    return _page()


def enter() -> AnyResponse:
    """Open the session for the right code."""
    attempt = CodeAttempt(
        half_way=staff.half_way(),
        code=request.form.get("code", "")[:MAX_CODE],
        address=client_key(),
        device=staff.device_proof(),
    )
    try:
        signed_in = give_code(
            portal().people,
            portal().second_factors,
            attempt,
            secret=portal().settings.secret_key().encode(),
            now=portal().clock(),
            lang=current_language(),
        )
    except HalfWayEnded:
        problem = _("That took a while. Please sign in again.")
        return login.page(problem=problem, status=422)
    except CodeRefused:
        problem = _("This code is not right, or was used already. Wait for the next one.")
        return _page(problem=problem, status=422)
    except TooManyAttempts as error:
        return waiting(_page(problem=too_many(error), status=429), error)
    return login.welcome(signed_in)


def _page(*, problem: str = "", status: int = 200) -> Response:
    html = render_template("account/code.html", problem=problem, next=_next() or "")
    return make_response(html, status)


def _next() -> str | None:
    return local_path(request.values.get("next"))
