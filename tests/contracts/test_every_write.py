"""What holds for every address that changes something."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from kbportal.people.model import Role
from kbportal.web.api_paths import ROOT as API
from kbportal.web.policy import Door, need
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.staff import signed_in

EXAMPLES = {"lang": "en", "number": 1001, "slug": "reset-password"}
SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
def app(seeded_portal: Portal) -> Flask:
    return an_app(seeded_portal, WTF_CSRF_ENABLED=True)


def writes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of every rule that may change something, but the API's."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values = {name: EXAMPLES.get(name, "x") for name in rule.arguments}
            for method in sorted((rule.methods or set()) - SAFE):
                if not rule.rule.startswith(API):
                    yield rule.endpoint, method, app.url_for(rule.endpoint, **values)


def test_nothing_is_changed_from_another_site(app: Flask, seeded_portal: Portal):
    admin = signed_in(seeded_portal, Role.ADMIN, app=app)

    answers = {
        endpoint: admin.open(path, method=method, headers={"Sec-Fetch-Site": "cross-site"})
        for endpoint, method, path in writes(app)
    }

    assert {"help.contact_post", "account.change", "widget.contact_post"} <= answers.keys()
    assert {name: one.status for name, one in answers.items() if one.status_code != 403} == {}


@pytest.mark.parametrize("token", [None, "", "x", "IjAi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
def test_no_act_of_the_staff_goes_without_a_form_token(app: Flask, seeded_portal: Portal, token):
    admin = signed_in(seeded_portal, Role.ADMIN, app=app)
    fields = {} if token is None else {"csrf_token": token}
    guarded = [one for one in writes(app) if need(one[0]) is not Door.EVERYBODY]

    answers = {
        endpoint: admin.open(path, method=method, data=fields) for endpoint, method, path in guarded
    }

    assert {"account.change", "account.switch_off", "insights.set_holdout"} <= answers.keys()
    assert {name: one.status for name, one in answers.items() if one.status_code != 400} == {}
