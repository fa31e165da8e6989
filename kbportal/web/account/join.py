"""Coming in by a single-use link: the first administrator, and colleagues who were invited."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.ids import new_id
from kbportal.people import accounts, invitations
from kbportal.people.audit import Action, audit_line
from kbportal.people.errors import (
    AddressRefused,
    AddressTaken,
    InvitationRefused,
    PasswordRefused,
)
from kbportal.people.model import Invitation
from kbportal.web import staff
from kbportal.web.account.words import RoleRow, address_problem, password_problem, role_row
from kbportal.web.portal import portal
from kbportal.web.rail import first_room

MAX_TOKEN = 200


@dataclass(frozen=True, slots=True)
class JoinRow:
    """The form to join; `invited` is the address it is for, empty where the guest chooses."""

    token: str
    invited: str
    role: RoleRow
    email: str = ""
    name: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def ask(token: str) -> AnyResponse:
    """The form; looking at a link does not use it."""
    try:
        found = _look_at(token)
    except InvitationRefused:
        return _spent()
    return _private(render_template("account/join.html", form=_row(token, found)))


def enter(token: str) -> AnyResponse:
    """Make the account and sign its owner in."""
    email, name = request.form.get("email", ""), request.form.get("name", "")
    try:
        found = _look_at(token)
        user = invitations.accept(
            portal().people,
            token,
            user_id=new_id(),
            email=found.email or email,
            name=name,
            password=request.form.get("password", ""),
            now=portal().clock(),
        )
    except InvitationRefused:
        return _spent()
    except PasswordRefused as error:
        return _again(token, found, {"password": password_problem(error)})
    except (AddressRefused, AddressTaken) as error:
        return _again(token, found, {"email": address_problem(error)})
    now = portal().clock()
    portal().audit.add(
        audit_line(Action.PERSON_JOINED, by=user.id, at=now, subject=user.id, after=user.role)
    )
    session = accounts.open_session(portal().people, user, now=portal().clock())
    return staff.let_in(redirect(first_room(user), 303), token=session)


def _look_at(token: str) -> Invitation:
    return invitations.look_at(portal().people, token[:MAX_TOKEN], now=portal().clock())


def _row(token: str, found: Invitation, errors: dict[str, str] | None = None) -> JoinRow:
    return JoinRow(
        token=token,
        invited=found.email or "",
        role=role_row(found.role),
        email=request.form.get("email", "")[:254],
        name=request.form.get("name", "")[:100],
        errors=errors or {},
    )


def _again(token: str, found: Invitation, errors: dict[str, str]) -> Response:
    html = render_template("account/join.html", form=_row(token, found, errors))
    return _private(html, status=422)


def _spent() -> Response:
    return _private(render_template("account/join_spent.html"), status=404)


def _private(html: str, *, status: int = 200) -> Response:
    """The address is a secret: it is told to nobody, not even as the page one came from."""
    response = make_response(html, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
