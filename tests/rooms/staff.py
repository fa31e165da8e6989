"""Colleagues with accounts, and browsers in which they are signed in."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP

from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.people.accounts import add_user, open_session
from kbportal.people.audit import Action, audit_line
from kbportal.people.model import Role, SecondFactor, User
from kbportal.people.recovery import new_codes, recovery_digest
from kbportal.people.totp import new_secret, step_at
from kbportal.web.staff import COOKIE
from kbportal.wiring import Portal
from tests.cast import an_app

PASSWORD = "seven purple walruses"


def a_colleague(portal: Portal, role: Role | str = Role.AGENT, **facts: str) -> User:
    """An account with this role; its address is that of the role unless given."""
    whole = {"email": f"{role}@example.com", "name": f"Ola {role}", "password": PASSWORD} | facts
    return add_user(portal.people, user_id=new_id(), role=Role(role), now=utc_now(), **whole)


def give_second_factor(portal: Portal, user: User) -> tuple[str, tuple[str, ...]]:
    """Let an account have a second factor since an hour ago: the app's key, the recovery codes."""
    then, key, codes = utc_now() - timedelta(hours=1), new_secret(), new_codes()
    secret = portal.settings.secret_key().encode()
    portal.second_factors.switch_on(
        SecondFactor(user.id, key, then, step_at(then)),
        [recovery_digest(one, user_id=user.id, secret=secret) for one in codes],
        line=audit_line(Action.SECOND_FACTOR_ON, by=user.id, at=then, subject=user.id),
        lang="en",
    )
    return key, codes


def app_code(key: str, at: datetime | None = None) -> str:
    """What an app with this key shows at a moment: now, unless told otherwise."""
    return TOTP(key).at(at or utc_now())


def signed_in(portal: Portal, role: Role | str, *, app: Flask | None = None) -> FlaskClient:
    """A browser in which a new colleague of this role is signed in."""
    user = a_colleague(portal, role)
    client = (app or an_app(portal)).test_client()
    client.set_cookie(COOKIE, open_session(portal.people, user, now=utc_now()))
    return client
