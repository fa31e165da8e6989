"""What browsers may tell: the closed catalogue, nothing else, and nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from kbportal.events.catalog import EventType
from kbportal.wiring import Portal
from tests.rooms.help.forms import recorded

EVENTS = "/api/v1/events"
RESET = "en/account/reset-password"


def an_opening(**fields: Any) -> dict[str, Any]:
    whole = {"type": "suggest_opened", "surface": "form", "locale": "en", "article": RESET}
    return whole | fields


@pytest.mark.parametrize(
    "event",
    [
        {"type": "suggest_expanded", "article": RESET, "section": "x", "dwell_ms": 900},
        {"type": "suggest_opened", "article": RESET, "query_norm": "password"},
        {"type": "suggest_rejected", "article": RESET, "reason": "still_need_help"},
        {"type": "form_started"},
        {"type": "form_solved", "article": RESET},
        {"type": "form_quit"},
        {"type": "article_viewed", "article": RESET, "dwell_ms": 6000, "value": "scrolled"},
        {"type": "article_voted", "article": RESET, "value": "no", "reason": "unclear"},
        {"type": "language_switched", "value": "sk"},
    ],
    ids=lambda event: event["type"],
)
def test_what_a_browser_knows_is_taken(client, portal: Portal, event):
    response = client.post(EVENTS, json={"surface": "form", "locale": "en"} | event)

    assert (response.status_code, response.data) == (204, b"")
    (kept,) = recorded(portal, event["type"])
    assert (kept.article, kept.locale) == (event.get("article"), "en")
    assert kept.visitor


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "invented"},
        {"type": None},
        {"type": ["suggest_opened"]},
        {"type": "search", "query_norm": "password"},
        {"type": "suggest_shown", "query_norm": "password", "results": [{"article": RESET}]},
        {"type": "suggest_ghost"},
        {"type": "ticket_created", "ticket": "t", "channel": "form"},
        {"type": "ticket_withdrawn", "ticket": "t"},
        {"surface": "moon"},
        {"surface": 7},
        {"locale": "xx"},
        {"locale": ""},
        {"article": None},
        {"article": "en/no/such"},
        {"article": ["x"]},
        {"article": "x" * 5000},
        {"article": "\x00\ud800"},
        {"dwell_ms": "long"},
        {"dwell_ms": -1},
        {"dwell_ms": 1.5},
        {"dwell_ms": True},
        {"dwell_ms": 10**30},
        {"visitor": "v1"},
        {"user": "admin"},
        {"ts": "2026-01-01T00:00:00Z"},
        {"arm": "control"},
        {"event_id": "DROP TABLE"},
        {"results": [{"article": RESET}]},
        {"type": "article_voted", "value": "maybe"},
        {"type": "language_switched", "value": "xx"},
    ],
)
def test_anything_else_is_refused_and_changes_nothing(client, portal: Portal, fields):
    response = client.post(EVENTS, json=an_opening(**fields))

    assert response.status_code == 422
    assert set(response.json["error"]) >= {"code", "message"}
    assert recorded(portal, *EventType) == []


def test_an_event_that_is_delivered_twice_counts_once(client, portal: Portal):
    event = an_opening(event_id="ab" * 16)

    assert [client.post(EVENTS, json=event).status_code for _ in range(2)] == [204, 204]
    assert len(recorded(portal, "suggest_opened")) == 1


def test_what_is_written_is_scrubbed(client, portal: Portal):
    client.post(EVENTS, json=an_opening(query_norm="write to jana@example.com"))

    (event,) = recorded(portal, "suggest_opened")
    assert event.query_norm == "write to [email]"


def test_an_event_of_a_page_that_nobody_sees_yet_says_so(client, portal: Portal):
    client.post(EVENTS, json=an_opening(), headers={"Sec-Purpose": "prefetch;prerender"})

    (event,) = recorded(portal, "suggest_opened")
    assert event.channel == "prerender"


def test_the_visitor_of_the_suggestions_is_the_one_of_the_event(client, portal: Portal):
    client.get("/api/v1/suggest?q=password&lang=en")
    client.post(EVENTS, json=an_opening())

    shown, opened = recorded(portal, "suggest_shown", "suggest_opened")
    assert (shown.visitor, shown.session) == (opened.visitor, opened.session)


def test_an_event_is_small(client):
    response = client.post(EVENTS, json=an_opening(reason="x" * 20_000))

    assert response.status_code == 413
    assert response.json["error"]["code"] == "http_413"
