"""Colleagues with accounts, and browsers in which they are signed in."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.people.accounts import add_user, open_session
from kbportal.people.model import Role, User
from kbportal.web.staff import COOKIE
from kbportal.wiring import Portal
from tests.cast import an_app

PASSWORD = "seven purple walruses"


def a_colleague(portal: Portal, role: Role | str = Role.AGENT, **facts: str) -> User:
    """An account with this role; its address is that of the role unless given."""
    whole = {"email": f"{role}@example.com", "name": f"Ola {role}", "password": PASSWORD} | facts
    return add_user(portal.people, user_id=new_id(), role=Role(role), now=utc_now(), **whole)


def signed_in(portal: Portal, role: Role | str, *, app: Flask | None = None) -> FlaskClient:
    """A browser in which a new colleague of this role is signed in."""
    user = a_colleague(portal, role)
    client = (app or an_app(portal)).test_client()
    client.set_cookie(COOKIE, open_session(portal.people, user, now=utc_now()))
    return client
