"""Who may call: this site, listed sites and programs; how often; and with what."""

from __future__ import annotations

import pytest

from kbportal.web.security import limiter
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.help.forms import recorded

SHOP = "https://shop.example"
SUGGEST = "/api/v1/suggest?q=password&lang=en"
OPENING = {"type": "form_started", "surface": "form", "locale": "en"}

STRANGE = ["https://evil.example", "null", "https://shop.example.evil.example",
           "https://notshop.example", "http://shop.example", "https://shop.example:444",
           "https://shop.example/", "HTTPS://SHOP.EXAMPLE", "", f"{SHOP} https://x"]  # fmt: skip


@pytest.fixture
def shop(client_with):
    """A client of a portal that lets the shop call."""
    return client_with(allowed_origins=(SHOP, "null"))


@pytest.mark.parametrize("origin", STRANGE)
def test_a_site_that_is_not_listed_is_refused(shop, portal: Portal, origin):
    answers = [
        shop.get(SUGGEST, headers={"Origin": origin}),
        shop.post("/api/v1/events", json=OPENING, headers={"Origin": origin}),
        shop.post("/api/v1/tickets", json={}, headers={"Origin": origin}),
        shop.options("/api/v1/tickets", headers={"Origin": origin}),
    ]

    for response in answers:
        assert response.status_code == 403
        assert "Access-Control-Allow-Origin" not in response.headers
    assert all(a.json["error"]["code"] == "origin_refused" for a in answers)
    assert recorded(portal, "form_started", "suggest_shown") == []


def test_a_listed_site_is_answered_by_name_and_without_credentials(shop):
    response = shop.get(SUGGEST, headers={"Origin": SHOP, "Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Origin" in response.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Set-Cookie" not in response.headers


def test_a_listed_site_may_ask_first_what_it_may_send(shop):
    response = shop.options(
        "/api/v1/tickets",
        headers={"Origin": SHOP, "Access-Control-Request-Method": "POST",
                 "Access-Control-Request-Headers": "content-type"},
    )  # fmt: skip

    assert response.status_code == 200
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_a_listed_site_reads_refusals_too(shop):
    response = shop.post("/api/v1/tickets", json={}, headers={"Origin": SHOP})

    assert response.status_code == 422
    assert response.headers["Access-Control-Allow-Origin"] == SHOP


def test_what_comes_from_a_listed_site_is_the_widgets(shop, portal: Portal):
    shop.get(SUGGEST, headers={"Origin": SHOP})

    (event,) = recorded(portal, "suggest_shown")
    assert (event.surface, event.visitor) == ("widget", None)


@pytest.mark.parametrize("path", [SUGGEST, "/api/v1/articles/en/reset-password"])
def test_a_cross_site_call_without_an_origin_is_refused(client, path):
    assert client.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"},
     {"Origin": "https://localhost", "Sec-Fetch-Site": "same-origin"}],
)  # fmt: skip
def test_this_site_and_programs_may_call(client, headers):
    assert client.post("/api/v1/events", json=OPENING, headers=headers).status_code == 204


def test_the_public_address_is_this_site_behind_any_proxy(client_with):
    client = client_with(site_url="https://help.example.com")

    response = client.post(
        "/api/v1/events", json=OPENING,
        headers={"Origin": "https://help.example.com", "Host": "127.0.0.1:8000"},
    )  # fmt: skip

    assert response.status_code == 204


def test_the_description_may_be_linked_from_anywhere(client):
    response = client.get("/api/v1/openapi.json", headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 200


def test_writing_needs_no_form_token(portal: Portal):
    client = an_app(portal, WTF_CSRF_ENABLED=True).test_client()

    assert client.post("/api/v1/events", json=OPENING).status_code == 204


@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/tickets"])
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_writing_needs_json(client, path, kind):
    response = client.post(path, data=b"{}", content_type=kind)

    assert response.status_code == 415
    assert response.json["error"]["code"] == "json_expected"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [(SUGGEST, 140), ("/api/v1/search?q=password&lang=en", 60)],
)
def test_whoever_asks_too_often_is_told_when_to_come_back(portal: Portal, path, allowed):
    client = an_app(portal, RATELIMIT_ENABLED=True).test_client()
    limiter.reset()

    answers = [client.get(path) for _ in range(allowed + 1)]

    assert {answer.status_code for answer in answers[:allowed]} == {200}
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert set(answers[-1].json["error"]) == {"code", "message"}


def test_five_tickets_in_ten_minutes_are_enough_and_mistakes_do_not_count(portal: Portal):
    client = an_app(portal, RATELIMIT_ENABLED=True).test_client()
    limiter.reset()
    ticket = {"subject": "s", "description": "d", "email": "a@example.com"}

    mistakes = [client.post("/api/v1/tickets", json={}).status_code for _ in range(7)]
    filed = [client.post("/api/v1/tickets", json=ticket).status_code for _ in range(5)]
    last = client.post("/api/v1/tickets", json=ticket)

    assert (set(mistakes), set(filed), last.status_code) == ({422}, {201}, 429)
    assert int(last.headers["Retry-After"]) > 0
