"""Every address of the app is either public or shut to those without its key."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from kbportal.people.model import Role
from kbportal.people.permissions import ALLOWED, Permission
from kbportal.web import policy
from kbportal.web.policy import Door, need
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.staff import signed_in

_EXAMPLES: dict[str, Any] = {"lang": "en", "number": 1001, "name": "articles", "letter": "x"}


@pytest.fixture
def app(portal: Portal) -> Flask:
    return an_app(portal)


def guarded(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if need(rule.endpoint) is not Door.EVERYBODY]


def address(app: Flask, rule: Rule) -> str:
    values = {name: _EXAMPLES.get(name, "x") for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def method(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or ()) else "POST"


def test_every_endpoint_has_a_policy(app):
    unlisted = [r.endpoint for r in app.url_map.iter_rules() if need(r.endpoint) is None]

    assert unlisted == []


def test_the_policy_lists_nothing_that_is_not_there(app):
    assert set(policy.ENDPOINTS) <= set(app.view_functions)


def test_the_staff_rooms_are_guarded(app):
    rooms = {rule.endpoint.partition(".")[0] for rule in guarded(app)}

    assert {"account", "desk", "insights"} <= rooms


def test_nobody_comes_in_without_signing_in(app):
    client = app.test_client()
    for rule in guarded(app):
        response = client.open(address(app, rule), method=method(rule))

        assert response.status_code in {303, 401}, rule
        if response.status_code == 303:
            assert response.location.startswith("/account/login"), rule


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_its_own_doors_and_no_others(portal, app, role):
    client = signed_in(portal, role, app=app)
    for rule in guarded(app):
        wanted = need(rule.endpoint)
        response = client.open(address(app, rule), method=method(rule))

        allowed = wanted is Door.STAFF or role in ALLOWED[Permission(wanted)]
        assert (response.status_code == 403) is not allowed, rule


def test_an_endpoint_that_nobody_listed_is_shut_to_all(portal, app):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    assert app.test_client().get("/forgotten").status_code == 403
    assert signed_in(portal, Role.ADMIN, app=app).get("/forgotten").status_code == 403
