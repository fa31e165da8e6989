"""Everything that matches, page by page."""

from __future__ import annotations

from kbportal.wiring import Portal
from tests.rooms.help.forms import recorded

SEARCH = "/api/v1/search"


def test_a_search_says_how_many_match_and_which_page_this_is(client):
    answer = client.get(SEARCH, query_string={"q": "password", "lang": "en"}).json

    assert answer["hits"][0]["slug"] == "reset-password"
    assert answer["total"] >= len(answer["hits"]) >= 1
    assert answer["page"] == 1


def test_a_page_after_the_last_is_empty(client):
    answer = client.get(SEARCH, query_string={"q": "password", "lang": "en", "page": 100}).json

    assert (answer["hits"], answer["page"]) == ([], 100)


def test_a_misspelt_query_is_answered_with_what_was_meant(client):
    answer = client.get(SEARCH, query_string={"q": "Pasword?", "lang": "en"}).json

    assert answer["correction"] == "Password?"


def test_a_query_that_means_nothing_finds_nothing_as_on_the_page(client):
    answer = client.get(SEARCH, query_string={"q": "qqqwwwzzz", "lang": "en"}).json

    assert (answer["hits"], answer["total"]) == ([], 0)
    assert "Nothing found" in client.get("/en/search?q=qqqwwwzzz").text


def test_a_search_is_recorded_with_its_first_page_only(client, portal: Portal):
    client.get(SEARCH, query_string={"q": "password", "lang": "en"})
    client.get(SEARCH, query_string={"q": "password", "lang": "en", "page": 2})

    (event,) = recorded(portal, "search")
    assert (event.surface, event.query_norm) == ("search", "password")


def test_a_search_that_finds_nothing_is_recorded_too(client, portal: Portal):
    client.get(SEARCH, query_string={"q": "qqqwww", "lang": "fi"})

    (event,) = recorded(portal, "search")
    assert event.results == ()
