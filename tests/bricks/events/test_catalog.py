from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kbportal.events.catalog import REQUIRED, EventType, check
from kbportal.events.errors import InvalidEvent, UnknownEvent
from tests.builders import NOON, an_event


def test_every_type_has_its_row_in_the_table() -> None:
    assert set(REQUIRED) == set(EventType)


@pytest.mark.parametrize("kind", EventType)
def test_a_complete_event_of_each_type_passes(kind: EventType) -> None:
    check(an_event(kind))


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind, fields in REQUIRED.items() for field in fields]
)
def test_a_missing_field_is_named(kind: EventType, field: str) -> None:
    empty: Any = () if field == "results" else ""

    with pytest.raises(InvalidEvent) as caught:
        check(replace(an_event(kind), **{field: empty}))

    assert caught.value.facts["field"] == field


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(UnknownEvent):
        check(replace(an_event("search"), type="purchase"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ts", NOON.replace(tzinfo=None)),
        ("query_norm", "x" * 513),
        ("dwell_ms", -1),
        ("took_ms", -1),
        ("surface", "moon"),
        ("visitor", "v" * 65),
    ],
)
def test_an_impossible_field_is_named(field: str, value: object) -> None:
    with pytest.raises(InvalidEvent) as caught:
        check(replace(an_event("search"), **{field: value}))  # type: ignore[arg-type]

    assert caught.value.facts["field"] == field


def test_a_vote_is_yes_or_no() -> None:
    with pytest.raises(InvalidEvent):
        check(an_event("article_voted", value="perhaps"))
