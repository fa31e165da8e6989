"""The search page and what it records."""

from __future__ import annotations

from kbportal.wiring import Portal
from tests.rooms.help.forms import recorded


def test_a_search_shows_the_sentence_that_matches(client):
    page = client.get("/en/search?q=password").get_data(as_text=True)

    assert "Reset your password" in page
    assert "<mark>" in page


def test_a_search_is_recorded_with_what_was_shown(client, portal: Portal):
    client.get("/en/search?q=password jana@example.com")

    (event,) = recorded(portal, "search")
    assert event.query_norm == "password [email]"
    assert event.results[0].article == "en/account/reset-password"
    assert event.visitor


def test_no_result_helps_on_with_the_words_filled_in(client):
    page = client.get("/en/search?q=qqqwwwzzz").get_data(as_text=True)

    assert "Nothing found" in page
    assert 'href="/en/contact?q=qqqwwwzzz"' in page


def test_hostile_queries_come_back_inert(client):
    page = client.get("/en/search", query_string={"q": "<script>alert(1)</script>'\""})

    assert page.status_code == 200
    assert b"<script>alert" not in page.data


def test_a_search_gives_a_visitor_id_that_lasts_a_session(client, portal: Portal):
    client.get("/en/search?q=password")
    client.get("/en/search?q=parcel")

    first, second = recorded(portal, "search")
    assert (first.visitor, first.session) == (second.visitor, second.session)


def test_people_who_ask_not_to_be_followed_get_no_id(client, portal: Portal):
    response = client.get("/en/search?q=password", headers={"Sec-GPC": "1"})

    (event,) = recorded(portal, "search")
    assert event.visitor is None
    assert "kb_visitor" not in response.headers.get("Set-Cookie", "")
