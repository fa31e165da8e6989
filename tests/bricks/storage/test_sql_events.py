from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from kbportal.events.catalog import Event, EventType, Shown
from kbportal.events.recorder import Recorder
from kbportal.storage import Stores
from kbportal.storage import events as module
from kbportal.storage.tables import IS_TRIAL
from tests.builders import NOON, an_event

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("kind", EventType)
def test_an_event_comes_back_as_it_was(stores: Stores, kind: EventType) -> None:
    event = an_event(
        kind, arm="shown", reason="because", dwell_ms=7, took_ms=12, user="u1", section="top",
        results=(Shown("a", "s", 1, 0.25), Shown("b", "", 2, 0.5)),
    )  # fmt: skip

    stores.events.append([event])

    assert list(stores.events.read(NOON, NOON + HOUR)) == [event]


def test_an_event_that_is_there_is_left_as_it_was(stores: Stores) -> None:
    event = an_event("search")

    stores.events.append([event])
    stores.event_log.append([event, an_event("search", event_id=event.event_id, query_norm="x")])

    assert list(stores.events.read(NOON, NOON + HOUR)) == [event]


def test_reading_is_in_order_across_pages(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 3)
    events = [an_event("search", after=timedelta(minutes=n // 4)) for n in range(20)]

    stores.events.append(events[::-1])

    assert list(stores.events.read(NOON, NOON + HOUR)) == events


def test_a_visitors_events_are_theirs_alone(stores: Stores) -> None:
    mine, other = an_event("search"), an_event("search", visitor="v2")

    stores.events.append([mine, other])

    assert stores.events.of_visitor("v1", NOON, NOON) == (mine,)


def test_what_is_read_most_is_counted_by_people(stores: Stores) -> None:
    def read(article: str, visitor: str, **facts: object) -> Event:
        return an_event("article_viewed", article=article, visitor=visitor, **facts)

    stores.events.append(
        [
            *(read("en/a", f"v{n}") for n in (1, 1, 1, 1)),
            *(read("en/b", f"v{n}") for n in (1, 2, 3)),
            *(read("en/c", f"v{n}") for n in (1, 2)),
            read("en/a", "v2", user="staff"),
            read("en/a", "v3", ua_class="bot"),
            read("en/a", "v4", channel="prefetch"),
            read("en/a", "v5", after=-HOUR),
            read("sk/a", "v1"),
            an_event("suggest_expanded", article="en/a", visitor="v6"),
        ]
    )

    found = stores.events.most_read("en", NOON, NOON + HOUR, limit=2)

    assert found == (("en/b", 3), ("en/c", 2))


def test_old_events_are_purged(stores: Stores) -> None:
    old, young = an_event("search", after=-HOUR), an_event("search")
    stores.events.append([old, young])

    assert stores.events.purge(NOON) == 1
    assert list(stores.events.read(NOON - HOUR, NOON + HOUR)) == [young]


def test_the_recorder_writes_to_the_log(stores: Stores) -> None:
    recorder = Recorder(stores.event_log)
    for _ in range(1200):
        recorder.record(an_event("search"))

    assert recorder.flush()
    assert recorder.dropped == 0
    assert len(list(stores.events.read(NOON, NOON + HOUR))) == 1200


def test_a_trials_events_are_those_that_show_it_and_what_its_readers_did(stores: Stores) -> None:
    seen = an_event("article_viewed", visitor="v1", arm="holdout:shown@90 t-12345678:b@50")
    sent = an_event("ticket_created", visitor="v1", after=HOUR / 2)
    stores.events.append([
        seen, sent,
        an_event("article_viewed", visitor="v2", arm="holdout:control@10"),
        an_event("ticket_created", visitor="v2"),
        an_event("search", visitor="v1"),
        an_event("ticket_created", visitor=None),
    ])  # fmt: skip

    found = stores.events.of_trials([EventType.TICKET_CREATED], NOON, NOON + HOUR)

    assert list(found) == [seen, sent]


@pytest.mark.sqlite
def test_few_events_are_read_to_find_those_of_trials(stores: Stores) -> None:
    with stores.events._database.reading() as connection:
        plan = connection.execute(
            text("EXPLAIN QUERY PLAN SELECT ts FROM events WHERE ts >= 1 AND " + str(IS_TRIAL))
        ).all()

    assert "ix_events_trials" in str(plan)
