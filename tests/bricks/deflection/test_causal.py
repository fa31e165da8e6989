"""What the holdout, the guardrails and the rates of articles say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from kbportal.deflection.contents import Guardrail, Report
from kbportal.deflection.numbers.guardrails import compared, worse_while_rising
from kbportal.deflection.numbers.intervals import share
from kbportal.deflection.numbers.shrinkage import prior, shrunk
from kbportal.deflection.report import Narrowed, days, report_of_events
from kbportal.events.catalog import Event, Shown, Surface
from tests.builders import NOON, RESET, an_event

DAY = date(2026, 3, 2)


def made_of(events: Iterable[Event], **facts: Any) -> Report:
    whole: dict[str, Any] = {"period": days(DAY, DAY), "now": NOON + timedelta(days=30)}
    return report_of_events(events, **(whole | facts))


def episode(visitor: str, *, arm: str | None, sends: bool, after: int = 0) -> list[Event]:
    """Somebody writes to us; suggestions are shown or, in the control arm, withheld."""
    kind = "suggest_ghost" if arm and ":control@" in arm else "suggest_shown"
    at = timedelta(minutes=after)
    events = [
        an_event("form_started", visitor=visitor, arm=arm, after=at),
        an_event(kind, visitor=visitor, arm=arm, after=at + timedelta(minutes=1)),
    ]
    if sends:
        events.append(an_event("ticket_created", visitor=visitor, after=at + timedelta(minutes=9)))
    return events


def experiment(*, control: tuple[int, int], shown: tuple[int, int]) -> list[Event]:
    """So many tickets of so many visitors in each arm, at a share of 20 %."""
    arms = (("holdout:control@20", *control), ("holdout:shown@80", *shown))
    return [
        event
        for arm, tickets, n in arms
        for who in range(n)
        for event in episode(f"{arm}-{who}", arm=arm, sends=who < tickets)
    ]


def test_the_worked_example_of_the_holdout() -> None:
    """164 of 200 wrote to us in control, 584 of 800 where suggestions were shown."""
    made = made_of(experiment(control=(164, 200), shown=(584, 800)), cost_per_ticket=8.0)

    assert made.holdout is not None
    assert (made.holdout.control_n, made.holdout.control_tickets) == (200, 164)
    assert (made.holdout.shown_n, made.holdout.shown_tickets) == (800, 584)
    assert made.holdout.n < made.holdout.needed
    causal = made.metrics["causal_tickets_avoided"]
    assert (causal.value, causal.status, causal.n) == (None, "not_enough_data", 1000)
    assert made.metrics["savings"].note == "confirmed_only"


def test_with_enough_visitors_the_tickets_avoided_are_a_number_and_money() -> None:
    made = made_of(experiment(control=(1045, 1100), shown=(2200, 4400)), cost_per_ticket=10.0)

    causal, savings = made.metrics["causal_tickets_avoided"], made.metrics["savings"]
    assert made.holdout is not None
    assert (made.holdout.status, made.holdout.difference) == ("ok", pytest.approx(0.45))
    assert causal.value == pytest.approx(0.45 * 4400)
    assert causal.low is not None
    assert causal.low < 0.45 * 4400 < (causal.high or 0)
    assert (savings.value, savings.note) == (pytest.approx(19800), "causal")


def test_a_broken_lot_hides_the_number() -> None:
    made = made_of(experiment(control=(10, 400), shown=(100, 400)))

    assert made.holdout is not None
    assert made.holdout.status == "broken"
    assert made.metrics["causal_tickets_avoided"].note == "broken"


def test_each_visitor_counts_once_and_as_first_assigned() -> None:
    events = [
        *episode("v1", arm="holdout:control@10", sends=True),
        *episode("v1", arm="holdout:shown@90", sends=False, after=26 * 60),
        *episode("v2", arm="holdout:shown@90", sends=False),
        *episode("v3", arm=None, sends=True),
        an_event("form_started", visitor="v4", arm="holdout:shown@90"),
    ]
    lift = made_of(events, period=days(DAY, DAY + timedelta(days=3))).holdout

    assert lift is not None
    assert (lift.control_n, lift.control_tickets, lift.shown_n, lift.shown_tickets) == (1, 1, 1, 0)


def test_suggestions_of_a_search_box_do_not_trigger() -> None:
    arm = "holdout:shown@90"
    events = [
        an_event("suggest_shown", arm=arm, surface=Surface.SEARCH),
        an_event("form_started", arm=arm, after=timedelta(minutes=1)),
    ]

    assert made_of(events).holdout is None


def test_an_arm_is_reported_by_itself() -> None:
    events = experiment(control=(3, 4), shown=(1, 4))
    made = made_of(events, narrowed=Narrowed(arm="holdout:control"))

    assert (made.outcomes.F, made.outcomes.T) == (4, 3)
    keys = [(one.key, one.counts.T) for one in made_of(events).breakdowns["arm"]]
    assert keys == [("holdout:control", 3), ("holdout:shown", 1)]


def test_a_need_belongs_to_what_was_suggested_last() -> None:
    billing = "en/billing/refund"
    events = [
        an_event("form_started"),
        an_event("suggest_shown", after=timedelta(minutes=1)),
        an_event("suggest_shown", after=timedelta(minutes=2), results=(Shown(billing),)),
        an_event("ticket_created", after=timedelta(minutes=3)),
    ]
    made = made_of(events)

    assert [one.key for one in made.breakdowns["category"]] == ["billing"]
    assert made_of(events, narrowed=Narrowed(category="account")).outcomes.F == 0
    mine = made_of(events, narrowed=Narrowed(category="billing"))
    assert (mine.outcomes.F, mine.metrics["post_submit_resolution"].n) == (1, 1)


def test_the_funnel_narrows() -> None:
    events = [
        *episode("a", arm=None, sends=True),
        *episode("b", arm=None, sends=False),
        an_event("suggest_expanded", visitor="b", after=timedelta(minutes=2), dwell_ms=12_000),
        an_event("form_solved", visitor="b", after=timedelta(minutes=3)),
        an_event("form_started", visitor="c"),
    ]
    funnel = made_of(events).funnel

    assert (funnel.started, funnel.shown, funnel.opened) == (3, 2, 1)
    assert (funnel.solved, funnel.submitted) == (1, 1)


def test_the_time_to_submit_is_a_median_in_seconds() -> None:
    events = [e for n in range(9) for e in episode(f"v{n}", arm=None, sends=True)]
    rails = {one.id: one for one in made_of(events).guardrails}

    assert rails["seconds_to_submit"].now.value == 9 * 60
    assert rails["seconds_to_submit"].now.n == 9


def with_rail(made: Report, rate: tuple[int, int], take_back: tuple[int, int]) -> Report:
    rails = (Guardrail("take_back_rate", share(*take_back)),)
    metrics = dict(made.metrics) | {"confirmed_deflection_rate": share(*rate)}
    return replace(made, metrics=metrics, guardrails=rails)


def warned(now: Report, earlier: Report) -> tuple[Guardrail, ...]:
    return worse_while_rising(compared(now, earlier), earlier)


def test_a_headline_that_rises_while_more_comes_back_is_a_warning() -> None:
    made = made_of([])
    earlier = with_rail(made, (20, 100), (10, 100))

    assert [one.id for one in warned(with_rail(made, (30, 100), (40, 100)), earlier)] == [
        "take_back_rate"
    ]
    assert warned(with_rail(made, (30, 100), (12, 100)), earlier) == ()
    assert warned(with_rail(made, (15, 100), (40, 100)), earlier) == ()
    (rail,) = compared(with_rail(made, (30, 100), (40, 100)), earlier).guardrails
    assert rail.before == share(10, 100)


def test_few_cases_are_drawn_towards_all() -> None:
    few, many, none = shrunk(np.array([3, 300, 0]), np.array([3, 1000, 0]))

    assert few.value is not None
    assert 0.3 < few.value < 0.9
    assert many.value == pytest.approx(0.3, abs=0.02)
    assert few.n == 3
    assert few.low is not None
    assert few.low < few.value < (few.high or 0)
    assert none.value is None


def test_a_prior_finds_the_rates_that_made_the_data() -> None:
    chance = np.random.default_rng(4)
    n = chance.integers(20, 200, size=4000)
    a, b = prior(chance.binomial(n, chance.beta(6, 14, size=4000)), n)

    assert a / (a + b) == pytest.approx(0.3, abs=0.01)
    assert a + b == pytest.approx(20, rel=0.15)


def test_alike_articles_are_taken_for_one() -> None:
    chance = np.random.default_rng(4)
    n = np.full(300, 40)
    one, *_ = shrunk(chance.binomial(n, 0.4), n)

    assert one.value == pytest.approx(0.4, abs=0.03)


def test_nobody_is_ranked_by_a_handful_of_cases() -> None:
    def solved(article: str, times: int) -> list[Event]:
        return [
            event
            for n in range(times)
            for event in (
                an_event("form_started", visitor=f"{article}{n}"),
                an_event("suggest_expanded", visitor=f"{article}{n}", article=article,
                         after=timedelta(minutes=1)),
                an_event("form_solved", visitor=f"{article}{n}", article=article,
                         after=timedelta(minutes=2)),
            )
        ]  # fmt: skip

    rows = made_of([*solved("en/a/often", 20), *solved("en/a/seldom", 19)]).articles

    assert {row.article: row.rank for row in rows} == {"en/a/often": 1, "en/a/seldom": None}


def test_an_article_tells_what_it_is_found_for() -> None:
    def search(query: str, visitor: str) -> list[Event]:
        asked = an_event("search", query_norm=query, visitor=visitor, results=(Shown(RESET),))
        return [asked, an_event("article_viewed", visitor=visitor, after=timedelta(minutes=1))]

    events = [*search("forgot it", "a"), *search("new password", "b"), *search("New Password", "c")]
    (row,) = made_of(events).articles

    assert row.found_for == ("New Password", "forgot it")
