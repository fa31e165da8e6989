"""Tickets of programs: filed once, refused by field, never lost in silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from kbportal.articles.forms import FormsFile
from kbportal.storage import StorageUnavailable
from kbportal.tickets.model import Answer
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.help.forms import recorded

TICKETS = "/api/v1/tickets"


def a_request(**fields: Any) -> dict[str, Any]:
    whole = {
        "subject": "The kettle hums",
        "description": "It hums in B flat.",
        "email": "jana@example.com",
        "lang": "en",
    }
    return whole | fields


def test_a_ticket_is_filed_with_a_number_and_a_page(client, portal: Portal):
    response = client.post(TICKETS, json=a_request())

    assert response.status_code == 201
    assert response.json["number"] == 1001
    assert "It hums in B flat." in client.get(response.json["url"]).text
    (event,) = recorded(portal, "ticket_created")
    assert event.channel == "api"


def test_only_three_fields_are_needed(client):
    sent = {"subject": "s", "description": "d", "email": "jana@example.com"}

    assert client.post(TICKETS, json=sent).status_code == 201


@pytest.mark.parametrize("name", ["header", "draft_id"])
def test_one_attempt_is_one_ticket_and_one_answer(client, portal: Portal, name):
    headers = {"Idempotency-Key": "k1"} if name == "header" else {}
    sent = a_request() if name == "header" else a_request(draft_id="k1")

    first, second = (client.post(TICKETS, json=sent, headers=headers) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(portal.tickets.list().tickets) == 1


def test_another_text_under_the_same_key_is_a_conflict(client, portal: Portal):
    headers = {"Idempotency-Key": "k1"}
    client.post(TICKETS, json=a_request(), headers=headers)

    response = client.post(TICKETS, json=a_request(description="It sings."), headers=headers)

    assert response.status_code == 409
    assert response.json["error"]["code"] == "idempotency_key_reused"


def test_each_wrong_field_says_what_it_needs(client, portal: Portal):
    response = client.post(TICKETS, json=a_request(email="nonsense", subject=" \x00 "))

    assert response.status_code == 422
    assert set(response.json["errors"]) == {"email", "subject"}
    assert "name@example.com" in response.json["errors"]["email"]
    assert portal.tickets.list().tickets == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "closed"), ("number", 1), ("visitor", "v1"), ("channel", "staff"),
        ("subject", ["a"]), ("description", {"a": 1}), ("email", 7), ("name", True),
        ("draft_id", 5), ("lang", "xx"), ("lang", ["en"]), ("description", "x" * 20_001),
        ("draft_id", "k" * 201), ("subject", None), ("email", "a@b.example\r\nBcc: c@d.example"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_is_refused_by_name(client, portal: Portal, field, value):
    response = client.post(TICKETS, json=a_request(**{field: value}))

    assert response.status_code == 422
    assert set(response.json["errors"]) == {field}
    assert portal.tickets.list().tickets == ()


def test_half_a_character_is_taken_without_it(client, portal: Portal):
    response = client.post(TICKETS, json=a_request(description="hum \ud83d hum \x00!"))

    assert response.status_code == 201
    (ticket,) = portal.tickets.list().tickets
    assert ticket.description == "hum hum !"


def test_a_database_that_is_away_is_said_in_json(portal: Portal):
    class Away:
        def file(self, *_: object, **__: object) -> None:
            raise StorageUnavailable("locked")

        repeated = file

    client = an_app(replace(portal, tickets=Away())).test_client()  # type: ignore[arg-type]

    response = client.post(TICKETS, json=a_request())

    assert response.status_code == 503
    assert response.json["error"]["code"] == "storage_unavailable"
    assert "Retry-After" in response.headers


def test_people_who_ask_not_to_be_followed_leave_no_link(client, portal: Portal):
    client.post(TICKETS, json=a_request(), headers={"Sec-GPC": "1"})

    (event,) = recorded(portal, "ticket_created")
    assert (event.visitor, event.user) == (None, None)


@pytest.fixture
def asking(portal: Portal, tmp_path: Path) -> FlaskClient:
    """A client of a portal whose form asks for an order number and a device."""
    (tmp_path / "forms.yml").write_text(
        "order:\n  required: yes\n  label: {en: Order, sk: Objednávka}\n"
        "device:\n  label: {en: Device}\n  choices: [{en: Kettle}]\n"
    )
    return an_app(replace(portal, forms=FormsFile(tmp_path))).test_client()


def test_answers_to_further_questions_are_kept_with_the_ticket(asking, portal: Portal):
    sent = a_request(lang="sk", answers={"order": "KW-1"})

    assert asking.post(TICKETS, json=sent).status_code == 201
    (ticket,) = portal.tickets.list().tickets
    assert ticket.answers == (Answer("order", "Objednávka", "KW-1"),)


def test_a_program_need_not_know_the_questions(asking):
    assert asking.post(TICKETS, json=a_request()).status_code == 201


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"colour": "red"}, "answers.colour"),
        ({"device": "Toaster"}, "answers.device"),
        ({"order": "x" * 501}, "answers.order"),
        ({"order": 1}, "answers"),
        (["KW-1"], "answers"),
        ("KW-1", "answers"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_name(asking, given, field):
    response = asking.post(TICKETS, json=a_request(answers=given))

    assert response.status_code == 422
    assert set(response.json["errors"]) == {field}
