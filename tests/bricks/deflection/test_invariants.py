"""What holds for any events at all."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.deflection.metrics import METRICS
from kbportal.deflection.model import Report
from kbportal.deflection.report import Narrowed, as_json, days, report_of_events
from kbportal.events.catalog import Event, EventType, Surface
from tests.bricks.deflection.logs import LOGS
from tests.builders import NOON


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
    moved = [_at(event, event.ts.astimezone(zone)) for event in log]

    assert as_json(_report(moved)) == as_json(_report(log))
    assert _report(moved).days == _report(log).days


def _at(event: Event, ts: datetime) -> Event:
    facts = {name: getattr(event, name) for name in Event.__dataclass_fields__}
    assert event.ts.tzinfo is UTC
    return Event(**(facts | {"ts": ts}))
