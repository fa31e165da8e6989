"""The member of the staff who makes this request, and the frame of their pages.

A staff session is a random token in a cookie of its own; the store knows its digest alone and
is asked at every request, so that an account that is shut is out at once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
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
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.people import accounts
from kbportal.people.accounts import ABSOLUTE
from kbportal.people.model import User
from kbportal.web import policy
from kbportal.web.errors import error_page
from kbportal.web.local_paths import local_path
from kbportal.web.policy import Door
from kbportal.web.portal import portal

COOKIE, DEVICE_COOKIE = "kb_staff", "kb_device"
DEVICE_LIFETIME = timedelta(days=180)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room in the rail."""

    title: str
    url: str
    icon: str
    is_current: bool


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
    _set(response, COOKIE, token, ABSOLUTE)
    if device:
        _set(response, DEVICE_COOKIE, device, DEVICE_LIFETIME)
    return response


def end_session() -> None:
    """End the session that this request came with, and the form tokens that went with it."""
    if token := request.cookies.get(_name(COOKIE)):
        accounts.sign_out(portal().people, token)
    session.clear()


def show_out(response: AnyResponse) -> AnyResponse:
    """End the session and take its cookie back; the proof of the device stays."""
    end_session()
    response.delete_cookie(_name(COOKIE), httponly=True, samesite="Strict", secure=_is_https())
    return response


def first_room(user: User) -> str:
    """The address of the first room that this person may enter."""
    rooms = _rooms(user)
    return rooms[0].url


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
    return None if policy.may_enter(user, wanted) else error_page(403)


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
        "rooms": _rooms(user),
        "signed_in": user.name,
        "sign_out_url": url_for("account.logout"),
    }


def _rooms(user: User) -> list[RoomRow]:
    """The rooms that this person may enter, in the order of the rail."""
    doors = (
        ("desk.tickets", _("Desk"), "inbox"),
        ("insights.dashboard", _("Insights"), "chart"),
        ("account.people", _("People"), "people"),
        ("account.me", _("My account"), "user"),
    )
    return [
        RoomRow(title, url_for(endpoint), icon, _is_current(endpoint))
        for endpoint, title, icon in doors
        if policy.may_enter(user, policy.need(endpoint))
    ]


def _is_current(endpoint: str) -> bool:
    here = request.endpoint or ""
    if endpoint.startswith("account."):
        is_people = policy.need(here) is policy.need("account.people")
        return here.startswith("account.") and is_people == (endpoint == "account.people")
    return here.partition(".")[0] == endpoint.partition(".")[0]


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


def _name(cookie: str) -> str:
    """With https the browser itself guards the cookie's host and path."""
    return f"__Host-{cookie}" if _is_https() else cookie


def _is_https() -> bool:
    return portal().settings.is_https
