from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbportal.events.catalog import Event, Surface, check
from kbportal.events.errors import InvalidEvent, UnknownEvent
from kbportal.events.intake import Sender, read_client_event
from tests.builders import NOON, RESET

ANNA = Sender(visitor="v1", session="s1")


def _read(payload: object) -> Event:
    return read_client_event(payload, ANNA, event_id="0" * 32, now=NOON)


def _solved(**facts: Any) -> dict[str, Any]:
    whole = {"type": "form_solved", "surface": "form", "locale": "sk", "article": RESET}
    return whole | facts


def test_a_browsers_event_gets_its_sender_and_time_from_the_server() -> None:
    event = _read(_solved(query_norm="zabudol som heslo"))

    assert (event.visitor, event.ts, event.surface) == ("v1", NOON, Surface.FORM)


def test_a_repeated_delivery_keeps_its_own_id() -> None:
    assert _read(_solved(event_id="ab" * 16)).event_id == "ab" * 16


def test_personal_data_is_scrubbed_from_the_query() -> None:
    event = _read(_solved(query_norm="mail jana@example.com  or call +421 905 123 456"))

    assert event.query_norm == "mail [email] or call [phone]"


@pytest.mark.parametrize("field", ["section", "value", "reason", "ranker_version"])
def test_personal_data_is_scrubbed_from_every_text_that_a_browser_sends(field: str) -> None:
    event = _read(_solved(**{field: "jana@example.com"}))

    assert getattr(event, field) == "[email]"


@pytest.mark.parametrize("kind", ["ticket_created", "suggest_ghost", "purchase", None, 7, []])
def test_a_browser_cannot_send_what_only_the_server_knows(kind: object) -> None:
    with pytest.raises(UnknownEvent):
        _read(_solved(type=kind))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("visitor", "somebody else"),
        ("ts", "2020-01-01"),
        ("event_id", "../../etc"),
        ("dwell_ms", "long"),
        ("took_ms", 3),
        ("dwell_ms", True),
        ("article", None),
        ("article", 5),
        ("surface", "moon"),
        ("surface", None),
        ("results", [{"article": ""}]),
        ("results", [{"article": RESET, "score": float("nan")}]),
        ("results", "all"),
        ("reason", "x" * 5000),
    ],
)
def test_a_field_at_fault_is_named(field: str, value: object) -> None:
    with pytest.raises(InvalidEvent) as caught:
        _read(_solved(**{field: value}))

    assert caught.value.facts["field"] == field


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.one_of(_json, st.dictionaries(st.sampled_from(sorted(_solved())), _json)))
def test_any_json_is_an_event_or_a_named_error(payload: object) -> None:
    with contextlib.suppress(InvalidEvent, UnknownEvent):
        check(_read(payload))
