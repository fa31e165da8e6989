from __future__ import annotations

from datetime import timedelta

import pytest

from kbportal.deflection.reading.identity import merged_by_person
from kbportal.deflection.reading.noise import RULES, without_noise
from tests.builders import an_event


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("crawler", {"kind": "search", "ua_class": "bot"}),
        ("tool", {"kind": "search", "ua_class": "tool"}),
        ("staff", {"kind": "search", "user": "agent-1"}),
        ("prefetch", {"kind": "article_viewed", "channel": "prerender"}),
        ("agent_shared", {"kind": "article_viewed", "channel": "agent_shared"}),
        ("no_interaction", {"kind": "article_viewed", "dwell_ms": None}),
        ("suspected_spam", {"kind": "ticket_created", "reason": "suspected_spam"}),
        ("automatic_expansion", {"kind": "suggest_expanded", "value": "auto"}),
    ],
)
def test_each_rule_takes_out_and_counts(rule: str, facts: dict[str, str]) -> None:
    clean = without_noise([an_event(**facts)], staff=frozenset({"agent-1"}))  # type: ignore[arg-type]

    assert clean.events == ()
    assert clean.filtered == dict.fromkeys(RULES, 0) | {rule: 1}


def test_a_browser_in_which_staff_ever_signed_in_is_staff() -> None:
    events = [an_event("search"), an_event("search", after=timedelta(days=1), user="agent-1")]

    clean = without_noise(events, staff=frozenset({"agent-1"}))

    assert clean.filtered["staff"] == 2


@pytest.mark.parametrize(("seconds", "kept"), [(59, 0), (61, 61)])
def test_more_than_sixty_views_an_hour_are_no_persons(seconds: int, kept: int) -> None:
    views = [
        an_event("article_viewed", after=timedelta(seconds=seconds * number))
        for number in range(61)
    ]

    assert len(without_noise(views).events) == kept


def test_a_page_that_is_read_is_one_view_and_no_noise() -> None:
    fetched = an_event("article_viewed", dwell_ms=None)
    read = an_event("article_viewed", after=timedelta(seconds=5), dwell_ms=5_000)

    clean = without_noise([fetched, read])

    assert (clean.events, clean.glances) == ((read,), (fetched,))
    assert clean.filtered["no_interaction"] == 0


def test_scrolling_proves_a_view() -> None:
    assert without_noise([an_event("article_viewed", dwell_ms=None, value="scrolled")]).events


@pytest.mark.parametrize("kind", ["ticket_created", "ticket_withdrawn"])
def test_what_a_program_files_for_somebody_counts(kind: str) -> None:
    assert without_noise([an_event(kind, ua_class="tool", channel="api")]).events


def test_ids_of_one_person_become_one_visitor() -> None:
    events = [
        an_event("search", visitor="v3", user="p1"),
        an_event("search", visitor="v2", user="p1"),
        an_event("search", visitor="v2", user="p2"),
        an_event("ticket_created", visitor=None, user="p2", channel="mail"),
        an_event("search", visitor="v9"),
        an_event("search", visitor=None),
    ]

    merged = merged_by_person(events)

    assert [event.visitor for event in merged] == ["v2", "v2", "v2", "v2", "v9", None]
