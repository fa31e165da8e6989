"""What holds for any events at all."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.deflection.contents import Report
from kbportal.deflection.metrics import METRICS
from kbportal.deflection.report import Narrowed, as_json, days, report_of_events
from kbportal.events.catalog import Event, EventType, Surface, check
from kbportal.events.errors import InvalidEvent
from tests.bricks.deflection.logs import LOGS
from tests.builders import NOON, an_event


def _report(events: list[Event], **facts: Any) -> Report:
    whole: dict[str, Any] = {
        "period": days(date(2026, 3, 2), date(2026, 3, 20)),
        "now": NOON + timedelta(days=11),
        "staff": frozenset({"agent"}),
        "cost_per_ticket": 8.0,
    }
    return report_of_events(events, **(whole | facts))


@given(LOGS, st.sampled_from([None, "en", "sk"]))
@settings(max_examples=60, deadline=None)
def test_outcomes_are_exclusive_and_exhaustive(log: list[Event], lang: str | None) -> None:
    made = _report(log, narrowed=Narrowed(lang=lang))

    for counts in (made.outcomes, made.matured, *(day.counts for day in made.days)):
        assert counts.F == counts.T + counts.X + counts.I + counts.U
        assert counts.X_D <= counts.X <= counts.F
        assert counts.X_D <= counts.P
        assert counts.I_D <= counts.I
    assert sum(day.counts.F for day in made.days) == made.outcomes.F
    assert made.matured.F <= made.outcomes.F
    _is_whole(made)


@given(LOGS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_of_arrival_and_duplicates_do_not_matter(
    log: list[Event], chance: random.Random
) -> None:
    shuffled = log + chance.choices(log, k=len(log)) if log else []
    chance.shuffle(shuffled)

    assert as_json(_report(shuffled)) == as_json(_report(log))


@given(LOGS)
@settings(max_examples=40, deadline=None)
def test_every_number_lies_within_its_interval(log: list[Event]) -> None:
    for name, metric in _report(log).metrics.items():
        if metric.value is None:
            continue
        low = metric.value if metric.low is None else metric.low
        high = metric.value if metric.high is None else metric.high
        if METRICS[name].unit == "share":
            assert -1e-9 <= low - 1e-9 <= metric.value <= high + 1e-9 <= 1 + 2e-9
        assert metric.n > 0


@given(LOGS)
@settings(max_examples=50, deadline=None)
def test_a_later_ticket_never_makes_us_look_better(log: list[Event]) -> None:
    ticket = Event(
        "late", NOON + timedelta(days=10), EventType.TICKET_CREATED, Surface.FORM,
        visitor="v1", locale="en", ticket="late", channel="mail",
    )  # fmt: skip

    with_it, without = (_report(events).outcomes for events in ([*log, ticket], log))

    assert with_it.X_D <= without.X_D
    assert with_it.T >= without.T
    assert with_it.F == without.F


@given(LOGS, st.integers(-12, 14))
@settings(max_examples=50, deadline=None)
def test_the_zone_in_which_a_moment_is_written_does_not_matter(
    log: list[Event], hours: int
) -> None:
    zone = timezone(timedelta(hours=hours))
    moved = _report([_at(event, event.ts.astimezone(zone)) for event in log])
    there = _report(log)

    assert as_json(moved) == as_json(there)
    assert moved.days == there.days


@pytest.mark.parametrize(("night", "episodes"), [(date(2026, 3, 29), 1), (date(2026, 10, 25), 2)])
def test_when_clocks_are_changed_hours_stay_hours(night: date, episodes: int) -> None:
    """Between 1:30 by the clock and 1:30 a day later lie 23 or 25 hours."""
    half_past_one = time(1, 30, tzinfo=ZoneInfo("Europe/Bratislava"))
    moments = [datetime.combine(night + timedelta(days=n), half_past_one) for n in range(2)]
    begins = [replace(an_event("form_started"), ts=one.astimezone(UTC)) for one in moments]

    made = _report(
        begins,
        period=days(night - timedelta(days=1), night + timedelta(days=1)),
        now=moments[1] + timedelta(days=20),
    )

    counted = made.outcomes.F
    assert counted == episodes


def test_the_log_takes_moments_in_utc_only() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=2)))

    for moment in (elsewhere, NOON.replace(tzinfo=None)):
        with pytest.raises(InvalidEvent):
            check(replace(an_event("form_started"), ts=moment))


def _is_whole(made: Report) -> None:
    """Parts add up, the funnel only narrows, the arms hold each visitor once."""
    used = made.matured if made.matured.F else made.outcomes
    for name in ("lang", "category", "surface"):
        assert sum(part.counts.F for part in made.breakdowns[name]) == used.F
        assert sum(part.counts.X_D for part in made.breakdowns[name]) == used.X_D
    assert made.funnel.started >= made.funnel.shown >= made.funnel.opened
    assert made.funnel.submitted == used.T
    if (lift := made.holdout) is not None:
        assert lift.n == lift.control_n + lift.shown_n <= 3
        assert lift.control_tickets <= lift.control_n
        assert lift.shown_tickets <= lift.shown_n


def _at(event: Event, ts: datetime) -> Event:
    facts = {name: getattr(event, name) for name in Event.__dataclass_fields__}
    assert event.ts.tzinfo is UTC
    return Event(**(facts | {"ts": ts}))
