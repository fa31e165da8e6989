"""The member of the staff who makes this request, and the frame of their pages.

A staff session is a random token in a cookie of its own; the store knows its digest alone and
is asked at every request, so that an account that is shut is out at once.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import (
    Flask,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from kbportal.people import accounts
from kbportal.people.accounts import ABSOLUTE
from kbportal.people.model import User
from kbportal.people.signing_in import HALF_WAY
from kbportal.web import policy
from kbportal.web.errors import error_page
from kbportal.web.local_paths import local_path
from kbportal.web.policy import Door
from kbportal.web.portal import portal
from kbportal.web.rail import rooms

COOKIE, DEVICE_COOKIE, HALF_WAY_COOKIE = "kb_staff", "kb_device", "kb_half_way"
DEVICE_LIFETIME = timedelta(days=180)

_log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Hold every request to the policy; give the staff's pages their frame."""
    app.before_request(_guard)
    app.context_processor(_for_templates)
    app.after_request(_keep_private)


def current_staff() -> User | None:
    """Who is signed in, if anybody; looked up once per request."""
    if "staff" not in g:
        token = request.cookies.get(_name(COOKIE))
        g.staff = accounts.current_user(portal().people, token, now=portal().clock())
    found: User | None = g.staff
    return found


def may_be_staff() -> bool:
    """Whether this browser signed in, be it still in force or not; nobody is looked up."""
    return _name(COOKIE) in request.cookies


def the_staff() -> User:
    """Who is signed in, on pages where the policy has made sure that somebody is."""
    user = current_staff()
    if user is None:
        abort(401)
    return user


def device_proof() -> str | None:
    """The proof that this browser signed in before, if it has one."""
    return request.cookies.get(_name(DEVICE_COOKIE))


def let_in(response: AnyResponse, *, token: str, device: str | None = None) -> AnyResponse:
    """Give the browser a new session; whatever it had before is dead."""
    end_session()
    g.pop("has_to_enrol", None)
    _set(response, COOKIE, token, ABSOLUTE)
    if device:
        _set(response, DEVICE_COOKIE, device, DEVICE_LIFETIME)
    if half_way():
        _take_back(response, HALF_WAY_COOKIE)
    return response


def half_way() -> str:
    """The note that the password was right and a code is awaited; empty if there is none."""
    return request.cookies.get(_name(HALF_WAY_COOKIE), "")


def await_code(response: AnyResponse, note: str) -> AnyResponse:
    """Give the browser that note; it opens nothing, and the session it had goes on."""
    _set(response, HALF_WAY_COOKIE, note, HALF_WAY)
    return response


def end_session() -> None:
    """End the session that this request came with, and the form tokens that went with it."""
    if token := request.cookies.get(_name(COOKIE)):
        accounts.sign_out(portal().people, token)
    session.clear()


def show_out(response: AnyResponse) -> AnyResponse:
    """End the session and take its cookie back; the proof of the device stays."""
    end_session()
    _take_back(response, COOKIE)
    return response


def has_to_enrol(user: User) -> bool:
    """Whether a second factor is required here and this person has none yet."""
    if not portal().settings.require_second_factor:
        return False
    if "has_to_enrol" not in g:
        g.has_to_enrol = portal().second_factors.factor(user.id) is None
    found: bool = g.has_to_enrol
    return found


def _guard() -> AnyResponse | None:
    if request.endpoint is None:
        return None
    wanted = policy.need(request.endpoint)
    if wanted is Door.EVERYBODY:
        return None
    if wanted is None:
        _log.error("no policy for %s: add it to web/policy.py", request.endpoint)
        return error_page(403)
    user = current_staff()
    if user is None:
        return _ask_to_sign_in()
    if has_to_enrol(user) and request.endpoint not in policy.ENROLLING:
        return _ask_to_enrol()
    return None if policy.may_enter(user, wanted) else error_page(403)


def _ask_to_enrol() -> AnyResponse:
    """The page on which a second factor is set up; for a form the advice how not to lose it."""
    if request.method not in {"GET", "HEAD"}:
        return make_response(render_template("staff/second_step_first.html"), 403)
    return redirect(url_for("account.second_factor", next=_here()), 303)


def _ask_to_sign_in() -> AnyResponse:
    """The sign-in page; for a form the advice how not to lose it.

    A link from elsewhere, as in a mail, comes without our strict cookie: the browser is told to
    ask again, now from our own page, and then sends it.
    """
    if request.method not in {"GET", "HEAD"}:
        return make_response(render_template("staff/signed_out.html"), 401)
    from_elsewhere = request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
    if from_elsewhere and _name(COOKIE) not in request.cookies:
        response = make_response(render_template("staff/moment.html", here=_here()))
        response.headers["Refresh"] = "0"
        return response
    return redirect(url_for("account.login", next=_here()), 303)


def _here() -> str | None:
    """This request's path and query, where one may come back to it."""
    query = request.query_string.decode("ascii", "ignore")
    return local_path(f"{request.path}?{query}" if query else request.path)


def _for_templates() -> dict[str, object]:
    endpoint = request.endpoint if request else None
    if not endpoint or not _is_staff_page(endpoint):
        return {}
    user = current_staff()
    if user is None:
        return {}
    return {
        "rooms": [] if has_to_enrol(user) else rooms(user),
        "signed_in": user.name,
        "sign_out_url": url_for("account.logout"),
    }


def _is_staff_page(endpoint: str) -> bool:
    return endpoint.partition(".")[0] in {"account", "desk", "editor", "insights"}


def _keep_private(response: Response) -> Response:
    """What the staff see stays in no cache and in no search engine."""
    if _is_staff_page(request.endpoint or ""):
        response.cache_control.no_store = True
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _set(response: AnyResponse, cookie: str, value: str, lifetime: timedelta) -> None:
    response.set_cookie(
        _name(cookie),
        value,
        max_age=lifetime,
        httponly=True,
        samesite="Strict",
        secure=_is_https(),
        path="/",
    )


def _take_back(response: AnyResponse, cookie: str) -> None:
    response.delete_cookie(_name(cookie), httponly=True, samesite="Strict", secure=_is_https())


def _name(cookie: str) -> str:
    """With https the browser itself guards the cookie's host and path."""
    return f"__Host-{cookie}" if _is_https() else cookie


def _is_https() -> bool:
    return portal().settings.is_https
