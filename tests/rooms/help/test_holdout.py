"""Visitors from whom suggestions are withheld, so that what suggestions do can be measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.deflection.trials.assignment import (
    CONTROL,
    HOLDOUT,
    SHOWN,
    arm_of,
    arms,
    holdout_shares,
)
from kbportal.deflection.trials.holdout import Holdout
from kbportal.kernel.ids import new_id
from kbportal.people.audit import Action, audit_line
from kbportal.settings import Settings
from kbportal.web.visitor import COOKIE
from kbportal.wiring import Portal
from tests.cast import a_portal, an_app, outspoken
from tests.rooms.help.forms import a_form, recorded
from tests.rooms.staff import signed_in

SUGGEST = "/api/v1/suggest"
ASKED = {"q": "forgot password", "lang": "en"}
OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def held(indexed: Settings, tmp_path: Path) -> Iterator[Portal]:
    """A portal that withholds suggestions from every second visitor."""
    settings = replace(indexed, instance=tmp_path / "instance", holdout_percent=50)
    portal = outspoken(a_portal(settings))
    yield portal
    portal.close()


def a_visitor(portal: Portal, arm: str) -> FlaskClient:
    """A browser whose visitor the lot puts into this arm."""
    app = an_app(portal)
    key, shares = str(app.secret_key).encode(), holdout_shares(50)
    drawn = (new_id() for _ in range(1_000))
    one = next(v for v in drawn if arm_of(v, experiment=HOLDOUT, key=key, shares=shares) == arm)
    client = app.test_client()
    client.set_cookie(COOKIE, one)
    return client


def test_a_control_visitor_sees_nothing_and_what_they_would_have_seen_is_noted(held: Portal):
    control, shown = a_visitor(held, CONTROL), a_visitor(held, SHOWN)

    nothing = control.get(SUGGEST, query_string=ASKED)
    something = shown.get(SUGGEST, query_string=ASKED)

    (ghost,), (real,) = recorded(held, "suggest_ghost"), recorded(held, "suggest_shown")
    assert (nothing.json["suggestions"], nothing.json["fallback"]) == ([], [])
    assert something.json["suggestions"]
    assert ghost.results == real.results
    assert arms(ghost.arm) == {HOLDOUT: (CONTROL, 50)}
    assert arms(real.arm) == {HOLDOUT: (SHOWN, 50)}


def test_the_time_that_an_answer_took_is_noted_in_both_arms(held: Portal):
    for arm in (CONTROL, SHOWN):
        a_visitor(held, arm).get(SUGGEST, query_string=ASKED)
        a_visitor(held, arm).post(
            "/en/contact", data=a_form(subject="forgot password", enhanced="")
        )

    found = recorded(held, "suggest_ghost", "suggest_shown")
    assert len(found) == 4
    assert all(event.took_ms is not None and 0 <= event.took_ms < 60_000 for event in found)


def test_nobody_can_tell_the_arms_apart_by_the_answers_form(held: Portal):
    control, shown = a_visitor(held, CONTROL), a_visitor(held, SHOWN)
    unknown = {"q": "zzzz", "lang": "en"}

    withheld, empty = (
        client.get(SUGGEST, query_string=asked)
        for client, asked in ((control, ASKED), (shown, unknown))
    )

    assert withheld.json.keys() == empty.json.keys()
    assert {k for k, _ in withheld.headers} == {k for k, _ in empty.headers}
    differing = {k for k in empty.json if withheld.json[k] != empty.json[k]}
    assert differing <= {"query", "took_ms"}


def test_a_search_box_is_not_part_of_it(held: Portal):
    answer = a_visitor(held, CONTROL).get(SUGGEST, query_string=ASKED | {"surface": "search"})

    assert answer.json["suggestions"]
    assert recorded(held, "suggest_ghost") == []


def test_without_a_script_a_control_visitors_form_is_sent_at_once(held: Portal):
    form = a_form(subject="forgot password", enhanced="")

    sent = a_visitor(held, CONTROL).post("/en/contact", data=form)
    offered = a_visitor(held, SHOWN).post("/en/contact", data=form | {"draft": "draft-2"})

    assert (sent.status_code, offered.status_code) == (303, 200)
    assert len(recorded(held, "suggest_ghost")) == len(recorded(held, "suggest_shown")) == 1


def test_every_event_of_the_visitor_tells_the_arm_the_tickets_too(held: Portal):
    client = a_visitor(held, CONTROL)

    client.post("/api/v1/events", json={"type": "form_started", "surface": "form", "locale": "en"})
    client.post("/en/contact", data=a_form())

    found = recorded(held, "form_started", "ticket_created")
    assert [event.arm for event in found] == ["holdout:control@50"] * 2


@pytest.mark.parametrize("headers", [{"Sec-GPC": "1"}, {"DNT": "1"}])
def test_without_an_id_there_is_no_arm_and_nothing_is_withheld(held: Portal, headers):
    client = a_visitor(held, CONTROL)

    answer = client.get(SUGGEST, query_string=ASKED, headers=headers | OUR_PAGE)

    (event,) = recorded(held, "suggest_shown")
    assert answer.json["suggestions"]
    assert (event.visitor, event.arm) == (None, None)


def test_a_program_that_keeps_no_cookie_is_never_drawn(held: Portal):
    app = an_app(held)

    answers = [app.test_client().get(SUGGEST, query_string=ASKED).json for _ in range(12)]

    assert all(answer["suggestions"] for answer in answers)
    assert {event.arm for event in recorded(held, "suggest_shown")} == {None}


def test_a_new_visitor_on_our_page_stays_in_the_arm_they_were_given(held: Portal):
    app = an_app(held)
    for _ in range(6):
        client = app.test_client()
        for _ in range(3):
            client.get(SUGGEST, query_string=ASKED, headers=OUR_PAGE)

    found = recorded(held, "suggest_shown", "suggest_ghost")
    assert len({(event.visitor, event.arm) for event in found}) == 6
    assert len(found) == 18


def test_a_colleague_who_tries_the_form_is_in_no_arm(held: Portal):
    client = signed_in(held, "agent")
    client.set_cookie(COOKIE, new_id())

    answer = client.get(SUGGEST, query_string=ASKED, headers=OUR_PAGE)

    assert answer.json["suggestions"]
    assert recorded(held, "suggest_shown")[0].arm is None


def test_switched_off_there_are_no_arms(held: Portal):
    line = audit_line(Action.HOLDOUT_CHANGED, by="u1", at=held.clock())
    client = a_visitor(held, CONTROL)

    held.holdout.decide(Holdout(on=False, share=50), line)

    assert client.get(SUGGEST, query_string=ASKED).json["suggestions"]
    assert recorded(held, "suggest_shown")[0].arm is None


def test_another_process_follows_the_switch(held: Portal):
    other = a_portal(held.settings)
    line = audit_line(Action.HOLDOUT_CHANGED, by="u1", at=held.clock())

    held.holdout.decide(Holdout(on=True, share=20), line)
    other.holdout.refresh()

    assert other.holdout.current() == Holdout(on=True, share=20)
    other.close()


def test_a_switch_that_cannot_be_read_holds_as_it_was(held: Portal, monkeypatch):
    known = held.holdout.current()
    (held.settings.instance / "kbportal.sqlite").write_bytes(b"no database" * 999)

    held.holdout.refresh()

    assert held.holdout.current() == known


@pytest.mark.parametrize("referrer", ["http://[", "http://localhost", "nonsense", "http://[::1"])
def test_an_address_that_is_none_stops_nobody(held: Portal, referrer: str):
    client = an_app(held).test_client()

    answer = client.get(SUGGEST, query_string=ASKED, headers={"Referer": referrer})
    sent = client.post("/en/contact", data=a_form(), headers={"Referer": referrer})

    assert (answer.status_code, sent.status_code) == (200, 303)
