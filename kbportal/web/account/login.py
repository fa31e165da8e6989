"""Signing in and out. What is answered never tells whether an address has an account."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.people.errors import SignInRefused, TooManyAttempts
from kbportal.people.signing_in import CodeAsked, SignedIn, sign_in
from kbportal.people.throttle import Attempt
from kbportal.web import staff
from kbportal.web.account.proof import too_many, waiting
from kbportal.web.local_paths import local_path
from kbportal.web.locale import COOKIE as LANGUAGE_COOKIE
from kbportal.web.portal import portal
from kbportal.web.rail import first_room
from kbportal.web.security import client_key

MAX_EMAIL, A_YEAR_S = 254, 365 * 24 * 3600


def ask() -> AnyResponse:
    """The sign-in page; whoever is signed in already goes on."""
    user = staff.current_staff()
    if user:
        return redirect(local_path(request.args.get("next")) or first_room(user), 303)
    return page()


def enter() -> AnyResponse:
    """Open a session and go on to where one came from, or ask for a code first."""
    email = request.form.get("email", "")[:MAX_EMAIL]
    attempt = Attempt(
        email=email,
        password=request.form.get("password", ""),
        address=client_key(),
        device=staff.device_proof(),
    )
    try:
        found = sign_in(
            portal().people,
            portal().second_factors,
            attempt,
            secret=portal().settings.secret_key().encode(),
            now=portal().clock(),
        )
    except SignInRefused:
        problem = _("This address and this password do not open an account.")
        return page(email=email, problem=problem, status=422)
    except TooManyAttempts as error:
        return waiting(page(email=email, problem=too_many(error), status=429), error)
    if isinstance(found, CodeAsked):
        asked = redirect(url_for("account.code", next=local_path(request.form.get("next"))), 303)
        return staff.await_code(asked, found.half_way)
    return welcome(found)


def welcome(signed_in: SignedIn) -> AnyResponse:
    """Go on to where one came from, with the new session."""
    goal = local_path(request.form.get("next")) or first_room(signed_in.user)
    return staff.let_in(redirect(goal, 303), token=signed_in.token, device=signed_in.device)


def leave() -> AnyResponse:
    """Sign out, wherever one was."""
    return staff.show_out(redirect("/account/login", 303))


def speak() -> AnyResponse:
    """Remember the language that the staff's pages shall speak."""
    chosen = request.form.get("lang", "")
    response = redirect(local_path(request.form.get("next")) or "/account/login", 303)
    if chosen in portal().settings.languages:
        https = portal().settings.is_https
        # Scripts read it too: customers choose their language by the same cookie.
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=A_YEAR_S, samesite="Lax", secure=https)
    return response


def page(*, email: str = "", problem: str = "", status: int = 200) -> Response:
    """The sign-in page, with what was wrong."""
    return make_response(
        render_template(
            "account/login.html",
            email=email,
            problem=problem,
            next=local_path(request.values.get("next")) or "",
        ),
        status,
    )
