"""Tickets of programs: filed once, refused by field, never lost in silence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kbportal.storage import StorageUnavailable
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

    client = an_app(replace(portal, tickets=Away())).test_client()  # type: ignore[arg-type]

    response = client.post(TICKETS, json=a_request())

    assert response.status_code == 503
    assert response.json["error"]["code"] == "storage_unavailable"
    assert "Retry-After" in response.headers


def test_people_who_ask_not_to_be_followed_leave_no_link(client, portal: Portal):
    client.post(TICKETS, json=a_request(), headers={"Sec-GPC": "1"})

    (event,) = recorded(portal, "ticket_created")
    assert (event.visitor, event.user) == (None, None)
