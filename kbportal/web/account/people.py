"""Who works here: the list, invitations, roles and accounts that are shut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.addresses import fold_address
from kbportal.people import accounts, invitations, second_factor
from kbportal.people.audit import Action
from kbportal.people.errors import (
    AddressRefused,
    AddressTaken,
    FactorMissing,
    LastAdmin,
    UserMissing,
)
from kbportal.people.model import Role, User
from kbportal.web import staff
from kbportal.web.account.words import RoleRow, address_problem, role_row, role_rows
from kbportal.web.auditing import note_act
from kbportal.web.locale import current_language
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class PersonRow:
    """An account in the list; `is_me` marks the reader's own."""

    id: str
    name: str
    email: str
    role: RoleRow
    since: date
    disabled: bool
    is_me: bool
    has_second_factor: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that was just made: the only time that its link can be shown."""

    email: str
    role: RoleRow
    url: str
    hours: int


@dataclass(frozen=True, slots=True)
class InviteForm:
    """The form to invite, with what was wrong in it."""

    email: str = ""
    role: str = Role.AGENT
    problem: str = ""


def people() -> Response:
    """The list and the form to invite."""
    return _page()


def invite() -> Response:
    """Make a link for a colleague and show it, once."""
    email, role = request.form.get("email", "")[:254], _role()
    try:
        if portal().people.user_by_email(fold_address(email)):
            raise AddressTaken("there is an account with this address already")
        token = invitations.invite(portal().people, email=email, role=role, now=portal().clock())
    except (AddressRefused, AddressTaken) as error:
        return _page(form=InviteForm(email, role, address_problem(error)), status=422)
    note_act(Action.PERSON_INVITED, after=role)
    hours = int(invitations.VALID_FOR.total_seconds() // 3600)
    return _page(invited=Invited(fold_address(email), role_row(role), _join_url(token), hours))


def change(user_id: str) -> AnyResponse:
    """Give another role, shut an account, open it again or take its second factor away.

    All its sessions end.
    """
    act = request.form.get("act", "")
    try:
        if act == "disable":
            accounts.disable(portal().people, user_id)
            note_act(Action.ACCOUNT_SHUT, user_id)
        elif act == "enable":
            _enable(user_id)
            note_act(Action.ACCOUNT_OPENED, user_id)
        elif act == "role":
            _give_role(user_id, _role())
        elif act == "forget_factor":
            _take_factor(user_id)
        else:
            abort(400)
    except (UserMissing, FactorMissing):
        abort(404)
    except LastAdmin:
        problem = _("This is the only administrator. Make somebody else one first.")
        return _page(problem=problem, status=409)
    return redirect(url_for("account.people"), 303)


def _enable(user_id: str) -> None:
    if portal().people.user(user_id) is None:
        raise UserMissing("no such account")
    portal().people.set_disabled(user_id, False)


def _give_role(user_id: str, role: Role) -> None:
    had = portal().people.user(user_id)
    accounts.set_role(portal().people, user_id, role=role)
    note_act(Action.ROLE_CHANGED, user_id, before=had.role if had else "", after=role)


def _take_factor(user_id: str) -> None:
    """Somebody else's: one's own is switched off with the password, on one's own page."""
    if user_id == staff.the_staff().id:
        abort(400)
    second_factor.take_away(
        portal().second_factors,
        user_id,
        by=staff.the_staff().id,
        now=portal().clock(),
        lang=current_language(),
    )


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        abort(400)


def _join_url(token: str) -> str:
    path = url_for("account.join", token=token)
    return (portal().settings.site_url or request.host_url).rstrip("/") + path


def _page(
    *,
    form: InviteForm | None = None,
    invited: Invited | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    everybody = sorted(portal().people.users(), key=lambda user: (user.disabled, user.name))
    owners = portal().second_factors.owners()
    html = render_template(
        "account/people.html",
        people=[_row(user, owners) for user in everybody],
        roles=role_rows(),
        form=form or InviteForm(),
        invited=invited,
        problem=problem,
    )
    return make_response(html, status)


def _row(user: User, owners: frozenset[str]) -> PersonRow:
    return PersonRow(
        id=user.id,
        name=user.name,
        email=user.email,
        role=role_row(user.role),
        since=user.created.date(),
        disabled=user.disabled,
        is_me=user.id == staff.the_staff().id,
        has_second_factor=user.id in owners,
    )
