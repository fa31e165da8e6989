"""Programs with a key have an allowance of their own."""

from __future__ import annotations

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.people.api_keys import FILE_NAME, add_key, remove_key
from kbportal.web.security import limiter
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.help.forms import recorded

SEARCH = "/api/v1/search?q=password&lang=en"
SUGGEST = "/api/v1/suggest?q=password&lang=en"
TICKET = {"subject": "s", "description": "d", "email": "a@example.com"}


def key(portal: Portal, name: str = "app", per_minute: int = 70) -> dict[str, str]:
    token = add_key(portal.settings.instance, name, per_minute=per_minute, now=utc_now())
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def client(portal: Portal):
    client = an_app(portal, RATELIMIT_ENABLED=True).test_client()
    limiter.reset()
    return client


def test_a_key_lifts_the_limit_of_an_address_to_its_own(client, portal: Portal):
    mine = key(portal)

    answers = [client.get(SEARCH, headers=mine).status_code for _ in range(65)]
    answers += [client.get(SUGGEST, headers=mine).status_code for _ in range(5)]
    last = client.get(SUGGEST, headers=mine)

    assert set(answers) == {200}
    assert last.status_code == 429
    assert 0 < int(last.headers["Retry-After"]) <= 60


def test_keys_and_addresses_do_not_count_for_each_other(client, portal: Portal):
    mine, other = key(portal, per_minute=2), key(portal, "other", per_minute=2)
    spent = [client.get(SEARCH, headers=mine).status_code for _ in range(3)]

    assert spent == [200, 200, 429]
    assert client.get(SEARCH, headers=other).status_code == 200
    assert client.get(SEARCH).status_code == 200


def test_tickets_are_filed_by_the_allowance_of_the_key(client, portal: Portal):
    mine = key(portal)

    answers = [client.post("/api/v1/tickets", json=TICKET, headers=mine) for _ in range(8)]

    assert {answer.status_code for answer in answers} == {201}


@pytest.mark.parametrize("value", ["Bearer x", "bearer ", "Bearer", "BEARER " + "x" * 5000])
@pytest.mark.parametrize("path", [SEARCH, SUGGEST, "/api/v1/openapi.json", "/api/v1/articles/en/x"])
def test_an_unknown_key_is_refused(client, portal: Portal, path, value):
    key(portal)

    response = client.get(path, headers={"Authorization": value})

    assert response.status_code == 401
    assert response.json["error"]["code"] == "key_unknown"
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_that_was_taken_away_opens_nothing_more(client, portal: Portal):
    mine = key(portal)
    assert client.get(SEARCH, headers=mine).status_code == 200

    remove_key(portal.settings.instance, "app")

    assert client.get(SEARCH, headers=mine).status_code == 401


def test_what_a_proxy_in_front_asks_for_is_none_of_our_business(client):
    response = client.get(SEARCH, headers={"Authorization": "Basic dXNlcjpwYXNz"})

    assert response.status_code == 200


def test_a_damaged_file_of_keys_refuses_keys_and_nothing_else(client, portal: Portal):
    mine = key(portal)
    (portal.settings.instance / FILE_NAME).write_text("{")

    assert client.get(SEARCH, headers=mine).status_code == 401
    assert client.get(SEARCH).status_code == 200


def test_a_program_is_nobodys_browser(client, portal: Portal):
    response = client.get(SEARCH, headers=key(portal))

    (event,) = recorded(portal, "search")
    assert event.visitor is None
    assert "Set-Cookie" not in response.headers


def test_a_key_does_not_let_another_site_in(client, portal: Portal):
    headers = key(portal) | {"Origin": "https://evil.example"}

    assert client.get(SEARCH, headers=headers).status_code == 403


def test_who_tries_keys_is_told_to_come_back_and_a_right_one_is_taken_all_the_same(client, portal):
    wrong = {"Authorization": "Bearer nothing"}

    answers = [client.get(SEARCH, headers=wrong) for _ in range(31)]

    assert [one.status_code for one in answers] == [401] * 30 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].json["error"]["code"] == "http_429"
    assert client.get(SEARCH, headers=key(portal)).status_code == 200
