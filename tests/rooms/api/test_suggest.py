"""Suggestions for a text that is being typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kbportal.search.query.engine import Results
from kbportal.search.query.live import Live
from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.cast import a_portal, an_app
from tests.rooms.help.forms import recorded

SUGGEST = "/api/v1/suggest"


def test_a_suggestion_has_all_that_a_card_shows(client):
    answer = client.get(SUGGEST, query_string={"q": "forgot password", "lang": "en"}).json

    assert (answer["query"], answer["lang"], answer["mode"]) == ("forgot password", "en", "hybrid")
    first = answer["suggestions"][0]
    assert first["id"] == "en/account/reset-password"
    assert first["url"].startswith("/en/articles/reset-password")
    assert first["category"] == "Account"
    assert first["updated"] == "2026-02-01"
    assert "<mark>" in first["snippet"]


def test_nothing_good_enough_is_nothing_suggested(portal: Portal, indexed: Settings):
    quiet = a_portal(indexed, instance=portal.settings.instance)
    client = an_app(quiet).test_client()

    answer = client.get(SUGGEST, query_string={"q": "zzz qqq www", "lang": "en"}).json

    assert answer["suggestions"] == []


def test_what_was_suggested_is_recorded_once_it_is_known(client, portal: Portal):
    client.get(SUGGEST, query_string={"q": "my password jana@example.com", "lang": "en"})

    (event,) = recorded(portal, "suggest_shown")
    assert event.query_norm == "my password [email]"
    assert event.results[0].article == "en/account/reset-password"
    assert (event.surface, event.locale, event.results[0].rank) == ("form", "en", 1)
    assert event.index_generation == portal.live.current().id


def test_suggestions_of_a_search_box_are_counted_apart(client, portal: Portal):
    client.get(SUGGEST, query_string={"q": "password", "lang": "en", "surface": "search"})

    (event,) = recorded(portal, "suggest_shown")
    assert event.surface == "search"


def test_an_unknown_surface_is_refused_and_says_which_there_are(client):
    response = client.get(SUGGEST, query_string={"q": "x", "lang": "en", "surface": "moon"})

    assert response.status_code == 422
    assert "form, search" in response.json["error"]["message"]


def test_silence_is_not_recorded_as_shown(client, portal: Portal):
    client.get(SUGGEST, query_string={"q": "", "lang": "en"})

    assert recorded(portal, "suggest_shown") == []


@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
def test_people_who_ask_not_to_be_followed_stay_unknown(client, portal: Portal, header):
    response = client.get(
        SUGGEST, query_string={"q": "password", "lang": "en"}, headers={header: "1"}
    )

    (event,) = recorded(portal, "suggest_shown")
    assert event.visitor is None
    assert "Set-Cookie" not in response.headers


def test_what_a_browser_fetches_ahead_is_not_recorded(client, portal: Portal):
    client.get(SUGGEST, query_string={"q": "password", "lang": "en"},
               headers={"Sec-Purpose": "prefetch"})  # fmt: skip

    assert recorded(portal, "suggest_shown") == []


def test_suggestions_that_are_switched_off_are_an_empty_list(client_with, portal: Portal):
    response = client_with(suggestions=False).get(
        SUGGEST, query_string={"q": "password", "lang": "en"}
    )

    assert (response.status_code, response.json["suggestions"]) == (200, [])
    assert recorded(portal, "suggest_shown") == []


@pytest.mark.parametrize("limit", [1, 2])
def test_there_are_never_more_than_asked_for(client, limit):
    asked = {"q": "password account parcel", "lang": "en", "limit": limit}

    assert len(client.get(SUGGEST, query_string=asked).json["suggestions"]) <= limit


class Foreign:
    """A live index that has an answer in another language only."""

    def __init__(self, portal: Portal) -> None:
        self._live = portal.live.current()

    def current(self) -> Live:
        return replace(self._live, engine=self)  # type: ignore[arg-type]

    def suggest(self, text: str, *, lang: str, limit: int) -> Results:
        found = self._live.engine.search(text, lang="en", limit=1)
        return replace(found, lang=lang, hits=(), fallback=found.hits)


def test_an_answer_in_another_language_stands_apart(portal: Portal):
    client = an_app(replace(portal, live=Foreign(portal))).test_client()  # type: ignore[arg-type]

    answer = client.get(SUGGEST, query_string={"q": "password", "lang": "fi"}).json

    assert (answer["lang"], answer["suggestions"]) == ("fi", [])
    assert answer["fallback"][0]["lang"] == "en"
    (event,) = recorded(portal, "suggest_shown")
    assert event.results[0].article == answer["fallback"][0]["id"]
