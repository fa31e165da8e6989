"""What is counted, in plain words, and the switch to say no: without a script, without a token."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kbportal.deflection.trials.holdout import Holdout
from kbportal.people.audit import Action, audit_line
from kbportal.settings import Settings
from kbportal.web.opting_out import COOKIE as OPTED_OUT
from kbportal.web.visitor import COOKIE
from kbportal.wiring import Portal
from tests.builders import NOON
from tests.cast import a_portal, an_app
from tests.rooms.help.forms import recorded

PAGE = "/en/privacy"
OUT, IN = {"choice": "out"}, {"choice": "in"}


@pytest.fixture
def client(portal: Portal) -> FlaskClient:
    return an_app(portal, WTF_CSRF_ENABLED=True).test_client()


def page_of(indexed: Settings, tmp_path: Path, **settings: object) -> str:
    portal = a_portal(indexed, instance=tmp_path / "own", **settings)
    text = an_app(portal).test_client().get(PAGE).text
    portal.close()
    return re.sub(r"\s+", " ", text)


def text(client: FlaskClient, **options: object) -> str:
    return client.get(PAGE, **options).text  # type: ignore[arg-type]


def test_every_page_leads_there_and_opening_it_sets_no_cookie(client: FlaskClient):
    assert f'href="{PAGE}"' in client.get("/en/").text
    assert "Set-Cookie" not in client.get(PAGE).headers


@pytest.mark.parametrize(
    ("settings", "said", "unsaid"),
    [
        ({}, "One cookie with a random number", "We set no cookie"),
        ({"visitor_identity": "daily"}, "We set no cookie", "One cookie with a random"),
        ({"retention_d": 31}, "All of this is deleted after 31 days.", "after 400 days"),
        ({"retention_d": 1}, "All of this is deleted after 1 day.", "1 days"),
        ({"ticket_retention_d": 90}, "is deleted 90 days after we have", "deleted 0 days"),
        ({"ticket_retention_d": 0}, "Your choice", "after we have finished with it"),
        ({"holdout_percent": 20}, "chosen by lot (20%)", "chosen by lot (10%)"),
        ({"holdout_percent": 0}, "Your choice", "chosen by lot"),
        ({"suggestions": False}, "Your choice", "chosen by lot"),
    ],
)
def test_it_tells_what_the_settings_in_force_do(indexed, tmp_path, settings, said, unsaid):
    found = page_of(indexed, tmp_path, **settings)

    assert said in found
    assert unsaid not in found


def test_it_tells_what_the_staff_have_switched(client, portal: Portal):
    line = audit_line(Action.HOLDOUT_CHANGED, by="a", at=NOON)

    portal.holdout.decide(Holdout(on=True, share=15), line)
    assert "chosen by lot (15%)" in text(client)

    portal.holdout.decide(Holdout(on=False, share=15), replace(line, id="other"))
    assert "chosen by lot" not in text(client)


def test_who_says_no_is_counted_without_an_id_from_then_on(client, portal: Portal):
    client.get("/en/search?q=password")
    assert client.get_cookie(COOKIE)

    response = client.post(PAGE, data=OUT)

    assert (response.status_code, response.location) == (303, f"{PAGE}#choice")
    assert client.get_cookie(COOKIE) is None
    client.get("/en/search?q=parcel")
    before, after = recorded(portal, "search")
    assert before.visitor
    assert (after.visitor, after.session, after.arm) == (None, None, None)
    assert client.get_cookie(COOKIE) is None
    assert "You have said no, and we do as you ask." in text(client)


def test_who_says_yes_again_is_a_new_visitor(client, portal: Portal):
    client.get("/en/search?q=password")
    client.post(PAGE, data=OUT)
    client.post(PAGE, data=IN)
    client.get("/en/search?q=parcel")

    before, after = recorded(portal, "search")
    assert client.get_cookie(OPTED_OUT) is None
    assert after.visitor not in {None, before.visitor}
    assert "You may say no." in text(client)


@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
def test_a_browser_that_says_no_by_itself_is_told_that_it_is_heeded(client, header):
    found = text(client, headers={header: "1"})

    assert "Your browser asks us not to follow you" in found
    assert "<button" not in found.partition('id="choice"')[2].partition("</main>")[0]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_nobody_chooses_for_somebody_else(client, headers):
    client.post(PAGE, data=OUT)

    assert client.post(PAGE, data=IN, headers=headers).status_code == 403
    assert client.get_cookie(OPTED_OUT)


@pytest.mark.parametrize("form", [{}, {"choice": "maybe"}, OUT | {"for": "ever"}])
def test_what_is_no_choice_is_refused(client, form):
    assert client.post(PAGE, data=form).status_code == 422


def test_the_cookie_says_no_and_nothing_else(client):
    cookie = client.post(PAGE, data=OUT).headers["Set-Cookie"]

    assert cookie.startswith("kb_optout=1;")
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=31536000"} <= set(cookie.split("; "))


def test_in_the_widget_nothing_can_be_chosen_but_a_no_that_is_seen_is_heeded(portal: Portal):
    framing = replace(portal.settings, widget_origins=("https://shop.example",))
    app: Flask = an_app(replace(portal, settings=framing))
    client = app.test_client()
    framed = client.get("/en/widget/privacy").text
    client.set_cookie(OPTED_OUT, "1")
    client.get("/en/widget/search?q=password")

    assert "In this small window we set no cookie." in framed
    assert 'href="/en/privacy" target="_blank"' in framed
    assert 'name="choice"' not in framed
    assert client.post("/en/widget/privacy", data=OUT).status_code == 405
    (event,) = recorded(portal, "search")
    assert event.visitor is None
