"""One's own account: name, role, password, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.text import normalise
from kbportal.people import accounts
from kbportal.people.audit import Action
from kbportal.people.errors import PasswordRefused, PasswordWrong, TooManyAttempts
from kbportal.people.proving import check_is_owner
from kbportal.web import staff
from kbportal.web.account.proof import attempt, refusal
from kbportal.web.account.words import RoleRow, password_problem, role_row
from kbportal.web.auditing import note_act
from kbportal.web.portal import portal

MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class MeRow:
    """The person as their own page shows them. second_factor: since when they have one."""

    name: str
    email: str
    role: RoleRow
    second_factor: date | None


def me() -> Response:
    """The page."""
    return _page({})


def rename() -> AnyResponse:
    """Change the name that customers and colleagues see."""
    name = normalise(request.form.get("name", ""))[:MAX_NAME]
    if not name:
        return _page({"name": _("Please write a name.")}, status=422)
    portal().people.set_name(staff.the_staff().id, name)
    return redirect(url_for("account.me", done="name"), 303)


def change_password() -> AnyResponse:
    """Change the password; every session ends, and this browser gets a new one."""
    user, people = staff.the_staff(), portal().people
    secret = portal().settings.secret_key().encode()
    try:
        check_is_owner(people, user, attempt("current"), secret=secret, now=portal().clock())
        accounts.set_password(people, user, password=request.form.get("password", ""))
    except (PasswordWrong, TooManyAttempts) as error:
        problem, status = refusal(error)
        return _page({"current": problem}, status=status)
    except PasswordRefused as error:
        return _page({"password": password_problem(error)}, status=422)
    note_act(Action.PASSWORD_SET, user.id)
    token = accounts.open_session(people, user, now=portal().clock())
    return staff.let_in(redirect(url_for("account.me", done="password"), 303), token=token)


def _page(errors: dict[str, str], *, status: int = 200) -> Response:
    user = staff.the_staff()
    factor = portal().second_factors.factor(user.id)
    done = {
        "name": _("Your name was changed."),
        "password": _("Your password was changed."),
        "off": _("Two-step sign-in is off."),
    }
    html = render_template(
        "account/me.html",
        me=MeRow(
            user.name, user.email, role_row(user.role), factor.since.date() if factor else None
        ),
        errors=errors,
        done=done.get(request.args.get("done", ""), ""),
    )
    return make_response(html, status)
