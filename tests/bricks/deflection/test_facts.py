"""A report is a sum over days, and a day is what the definitions say of its reading window."""

from __future__ import annotations

import json
import random
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.deflection.facts.day import DayFacts, FactsUnreadable, from_bytes, to_bytes
from kbportal.deflection.model import Counts, Windows
from kbportal.deflection.period import days
from kbportal.deflection.reading.episodes import episodes
from kbportal.deflection.reading.identity import merged_by_person
from kbportal.deflection.reading.noise import without_noise
from kbportal.deflection.reading.outcomes import Verdict, judge_all, ticket_times
from kbportal.deflection.reading.roll_up import roll_up
from kbportal.deflection.reading.source import EventList
from kbportal.deflection.reading.window import read_window
from kbportal.deflection.report import report, report_of_events
from kbportal.events.catalog import Event
from tests.bricks.deflection.logs import EVENTS, LOGS
from tests.builders import NOON, an_event

PERIOD = days(date(2026, 3, 2), date(2026, 3, 16))
NOW = NOON + timedelta(days=60)
WINDOWS = Windows()
STAFF = frozenset({"agent"})


def rolled_up(events: Iterable[Event], day: date = date(2026, 3, 2)) -> DayFacts:
    return roll_up(events, day=day, windows=WINDOWS, staff=STAFF, now=NOW)


def judged(events: Iterable[Event]) -> list[Verdict]:
    """Every episode with a form start in these events, by the definitions alone."""
    known = merged_by_person(without_noise(events, staff=STAFF).events)
    found = episodes(known, gap=WINDOWS.episode_gap)
    return judge_all(found, ticket_times(known), windows=WINDOWS)


def counted(verdicts: Iterable[Verdict]) -> Counts:
    tally: Counter[str] = Counter()
    for one in verdicts:
        tally[one.outcome.value] += 1
        tally["P"] += bool(one.pressed)
        tally[f"{one.outcome.value}_D"] += one.lasting
    return Counts(**{name: tally[name] for name in ("T", "X", "I", "U", "X_D", "I_D", "P")})


@given(LOGS)
@settings(max_examples=60, deadline=None)
def test_the_sum_of_the_days_is_the_definition_applied_to_their_windows(log: list[Event]) -> None:
    source = EventList(log)
    verdicts = [
        verdict
        for day in PERIOD.days
        for verdict in judged(read_window(source, day, windows=WINDOWS, now=NOW).events)
        if verdict.episode.started.date() == day
    ]

    made = report_of_events(log, period=PERIOD, now=NOW, windows=WINDOWS, staff=STAFF)

    assert made.outcomes == counted(verdicts)
    assert made.matured == counted(one for one in verdicts if one.settled <= NOW)


@given(st.lists(EVENTS.map(lambda event: replace(event, user=None)), min_size=10, max_size=40))
@settings(max_examples=60, deadline=None)
def test_where_nobody_has_two_names_days_see_all_there_is_to_see(log: list[Event]) -> None:
    made = report_of_events(log, period=PERIOD, now=NOW, windows=WINDOWS, staff=STAFF)

    assert made.outcomes == counted(judged(log))


@given(LOGS, st.randoms(use_true_random=False), st.integers(0, 14))
@settings(max_examples=40, deadline=None)
def test_order_and_duplicates_give_the_same_bytes(
    log: list[Event], chance: random.Random, after: int
) -> None:
    day = date(2026, 3, 2) + timedelta(days=after)
    shuffled = log + chance.choices(log, k=len(log)) if log else []
    chance.shuffle(shuffled)

    assert to_bytes(rolled_up(shuffled, day)) == to_bytes(rolled_up(log, day))


@given(LOGS)
@settings(max_examples=30, deadline=None)
def test_the_window_alone_gives_the_same_day_as_all_events(log: list[Event]) -> None:
    day = date(2026, 3, 4)
    window = read_window(EventList(log), day, windows=WINDOWS, now=NOW)

    facts = rolled_up(window.events, day)

    assert to_bytes(facts) == to_bytes(rolled_up(log, day))
    assert facts.closes == window.closes


@given(LOGS)
@settings(max_examples=30, deadline=None)
def test_facts_come_back_from_their_bytes(log: list[Event]) -> None:
    facts = [rolled_up(log, day) for day in PERIOD.days]
    again = [from_bytes(to_bytes(one)) for one in facts]

    assert list(map(to_bytes, again)) == list(map(to_bytes, facts))
    assert report(again, period=PERIOD, now=NOW) == report(facts, period=PERIOD, now=NOW)


@pytest.mark.parametrize("damage", [b"", b"KBF1", b"KBF1garbage", b"\x80\x04N."])
def test_damaged_facts_are_told(damage: bytes) -> None:
    with pytest.raises(FactsUnreadable):
        from_bytes(damage)


def test_cut_short_facts_are_told() -> None:
    with pytest.raises(FactsUnreadable):
        from_bytes(to_bytes(rolled_up([an_event("form_started")]))[:-9])


def test_an_episode_that_goes_on_for_weeks_is_followed_to_its_end() -> None:
    daily = [
        an_event("form_started", after=timedelta(hours=20 * step), visitor="v1")
        for step in range(30)
    ]
    sent = an_event("ticket_created", after=timedelta(hours=20 * 29 + 60), channel="mail")
    made = report_of_events([*daily, sent], period=PERIOD, now=NOW)

    assert made.outcomes == Counts(T=1)
    assert rolled_up([*daily, sent]).closes > daily[-1].ts + WINDOWS.settles_after


def test_another_browser_of_one_person_is_followed_too() -> None:
    events = [
        an_event("form_started", visitor="at-home", user="jana"),
        an_event("search", after=timedelta(hours=20), visitor="at-work", user="jana"),
        an_event("form_solved", after=timedelta(hours=40), visitor="at-work"),
    ]

    assert report_of_events(events, period=PERIOD, now=NOW).outcomes == Counts(X=1, X_D=1, P=1)


def test_facts_hold_no_visitor_and_only_scrubbed_queries() -> None:
    events = [
        an_event("search", visitor="visitor-of-jana", query_norm="mail jana@example.com"),
        an_event("form_started", visitor="visitor-of-jana", user="key-of-jana"),
    ]
    facts = rolled_up(events)

    assert facts.texts == b"mail [email]"
    whole = repr(facts).encode() + b"".join(
        column.tobytes() for table in facts.tables.values() for column in table.values()
    )
    assert b"jana" not in whole


def test_midnight_in_utc_parts_the_days() -> None:
    before = an_event("form_started", ts=NOON.replace(hour=23, minute=59), visitor="a")
    after = an_event("form_started", ts=NOON.replace(day=3, hour=0), visitor="b")
    made = report_of_events([before, after], period=PERIOD, now=NOW)

    assert [(day.day.day, day.counts.F) for day in made.days] == [(2, 1), (3, 1)]


def test_what_has_not_happened_yet_does_not_count() -> None:
    events = [an_event("form_started"), an_event("ticket_created", after=timedelta(hours=1))]
    early = roll_up(events, day=date(2026, 3, 2), windows=WINDOWS, now=NOON)

    assert report([early], period=PERIOD, now=NOON).outcomes == Counts(U=1)


def test_a_program_that_searches_all_day_can_be_counted() -> None:
    midnight = NOON.replace(hour=0)
    first = an_event("search", visitor="program", results=())
    many = 66_000  # The square of it needs more than 32 bits.
    log = [
        replace(
            first, event_id=str(n), ts=midnight + timedelta(seconds=n), query_norm="ab"[n % 2] * 3
        )
        for n in range(many)
    ]

    made = report([rolled_up(log)], period=PERIOD, now=NOW)

    assert made.metrics["zero_result_rate"].n == many
    assert sum(row.reformulated for row in made.queries) == many - 1


def as_version_2(facts: DayFacts) -> bytes:
    """Facts without answers, as they were kept before answers were timed."""
    whole = zlib.decompress(to_bytes(facts)[4:])
    end = 4 + int.from_bytes(whole[:4], "little")
    head = json.loads(whole[4:end])
    assert head["rows"].pop("answers") == 0
    earlier = json.dumps(head | {"version": 2}).encode()
    return b"KBF1" + zlib.compress(len(earlier).to_bytes(4, "little") + earlier + whole[end:])


def test_facts_of_before_answers_were_timed_can_be_read() -> None:
    facts = rolled_up([an_event("suggest_shown"), an_event("search", query_norm="invoice")])

    again = from_bytes(as_version_2(facts))

    assert report([again], period=PERIOD, now=NOW) == report([facts], period=PERIOD, now=NOW)
    assert again.query(0) == "invoice"
