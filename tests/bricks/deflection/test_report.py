from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from kbportal.deflection.contents import Report
from kbportal.deflection.metrics import METRICS
from kbportal.deflection.model import Counts, Metric
from kbportal.deflection.report import Narrowed, as_json, days, report_of_events
from kbportal.events.catalog import Event, Shown, Surface
from tests.builders import NOON, RESET, an_event

DAY = date(2026, 3, 2)
MONTH_LATER = NOON + timedelta(days=30)


def _minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def _report(*events: Event, **facts: Any) -> Report:
    whole: dict[str, Any] = {"period": days(DAY, DAY), "now": MONTH_LATER}
    return report_of_events(events, **(whole | facts))


def _episode(visitor: str, *, ends: str = "", lang: str = "en") -> list[Event]:
    """A suggestion is shown to somebody who starts the form, and the episode ends so."""
    who: dict[str, Any] = {"visitor": visitor, "locale": lang}
    events = [
        an_event("form_started", **who),
        an_event("suggest_shown", after=_minutes(1), **who),
    ]
    if ends in ("solved", "informed", "taken back"):
        events.append(an_event("suggest_expanded", after=_minutes(2), dwell_ms=15_000, **who))
    if ends in ("solved", "taken back"):
        events.append(an_event("form_solved", after=_minutes(3), **who))
    if ends in ("submitted", "taken back"):
        events.append(an_event("ticket_created", after=_minutes(90), **who))
    return events


def _site() -> list[Event]:
    """Four solved, one of them taken back; two informed, three submitted, two unknown."""
    ends = ["solved"] * 3 + ["taken back"] + ["informed"] * 2 + ["submitted"] * 3 + [""] * 2
    return [event for n, end in enumerate(ends) for event in _episode(f"v{n:02}", ends=end)]


def _value(made: Report, metric: str) -> float:
    value = made.metrics[metric].value
    assert value is not None
    return value


def test_a_site_is_counted_as_it_was() -> None:
    made = _report(*_site())

    assert made.outcomes == Counts(T=4, X=3, I=2, U=2, X_D=3, I_D=2, P=4)
    assert made.matured == made.outcomes
    assert made.outcomes.F == 11


@pytest.mark.parametrize(
    ("metric", "above", "below"),
    [
        ("confirmed_deflection_rate", 3, 11),
        ("submission_rate", 4, 11),
        ("take_back_rate", 1, 4),
        ("abandonment_rate", 2, 11),
        ("suggestion_coverage", 11, 11),
        ("suggestion_open_rate", 6, 11),
        ("failed_deflection_rate", 1, 4),
    ],
)
def test_a_rate_is_its_formula_within_its_interval(metric: str, above: int, below: int) -> None:
    found = _report(*_site()).metrics[metric]

    assert found.value == pytest.approx(above / below)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert (found.n, found.status) == (below, "ok")


def test_the_possible_band_is_never_one_number() -> None:
    assert _report(*_site()).metrics["possible_deflection_band"] == Metric(
        None, 11, 3 / 11, 5 / 11, "ok"
    )


def test_savings_are_of_what_was_confirmed_only() -> None:
    savings = _report(*_site(), cost_per_ticket=8.0).metrics["savings"]

    assert savings.value == pytest.approx(24.0)
    assert savings.note == "confirmed_only"
    assert savings.low is not None
    assert savings.low < 24 < (savings.high or 0)


def test_without_a_cost_there_are_no_savings_and_without_a_holdout_no_causal_number() -> None:
    made = _report(*_site())

    for metric in ("savings", "causal_tickets_avoided"):
        assert (made.metrics[metric].value, made.metrics[metric].status) == (
            None,
            "not_enough_data",
        )


def test_nothing_can_be_said_of_nothing() -> None:
    made = _report()

    assert {metric.status for metric in made.metrics.values()} == {"not_enough_data"}
    assert {metric.value for metric in made.metrics.values()} == {None}


def test_young_episodes_are_provisional_until_one_has_matured() -> None:
    young = _episode("v1", ends="solved")

    made = _report(*young, now=NOON + timedelta(days=1))

    assert (made.outcomes.F, made.matured.F) == (1, 0)
    assert made.metrics["confirmed_deflection_rate"].status == "provisional"
    assert _value(made, "confirmed_deflection_rate") == 1.0
    assert [day.matured for day in made.days] == [False]


def test_only_matured_episodes_enter_a_rate() -> None:
    old = [event for n in range(2) for event in _episode(f"v{n}", ends="submitted")]
    young = [an_event("form_started", visitor="v9", after=timedelta(days=20))]

    made = _report(*old, *young, period=days(DAY, date(2026, 3, 31)), now=NOON + timedelta(days=21))

    assert (made.outcomes.F, made.metrics["submission_rate"].n) == (3, 2)


def test_a_period_owns_the_episodes_that_started_in_it() -> None:
    before = [an_event("search", after=-_minutes(13 * 60)), an_event("form_started")]

    assert _report(*before).outcomes.F == 0
    assert _report(*before, period=days(date(2026, 3, 1), date(2026, 3, 1))).outcomes.F == 1


def test_a_language_is_reported_by_itself() -> None:
    events = [*_episode("v1", lang="sk", ends="solved"), *_episode("v2", ends="submitted")]

    made = _report(*events, narrowed=Narrowed(lang="sk"))

    assert made.outcomes == Counts(X=1, X_D=1, P=1)
    assert made.metrics["deflection_ratio"].status == "not_enough_data"


def test_the_classic_ratios_count_activity_per_ticket() -> None:
    events = [
        *(an_event("search", visitor=f"v{n}") for n in range(4)),
        *(an_event("article_viewed", visitor=f"v{n}", after=_minutes(1)) for n in range(4)),
        an_event("article_viewed", visitor="v0", after=_minutes(2)),
        *(an_event("ticket_created", visitor=f"v{n}", after=_minutes(3)) for n in range(2)),
    ]

    made = _report(*events)

    assert (_value(made, "deflection_ratio"), _value(made, "self_service_score")) == (4.0, 2.0)
    ratio = made.metrics["deflection_ratio"]
    assert ratio.low is not None
    assert ratio.low <= 4 <= (ratio.high or 0)


def test_searches_are_judged_by_what_came_of_them() -> None:
    results = (Shown(RESET),)
    events = [
        an_event("search", query_norm="pass", results=()),
        an_event("search", query_norm="password", results=(), after=_minutes(0.1)),
        an_event("search", query_norm="heslo", results=results, after=_minutes(2)),
        an_event("article_viewed", after=_minutes(3)),
        an_event("search", query_norm="invoice", results=results, visitor="v2"),
        an_event("search", query_norm="Invoice", results=results, visitor=None),
        an_event("search", query_norm="x", results=(), visitor="v3", surface=Surface.FORM),
    ]

    made = _report(*events)

    assert made.metrics["zero_result_rate"].n == 4
    assert _value(made, "zero_result_rate") == 0.25
    assert (made.metrics["no_open_rate"].n, _value(made, "no_open_rate")) == (2, 0.5)
    assert _value(made, "reformulation_rate") == pytest.approx(1 / 3)
    assert [(row.searches, row.no_open) for row in made.queries if row.query == "Invoice"] == [
        (2, 1)
    ]


def test_a_ticket_withdrawn_through_an_article_counts_until_it_is_undone() -> None:
    events = [
        an_event("ticket_created", ticket="t1"),
        an_event("ticket_withdrawn", after=_minutes(1)),
    ]
    undone = an_event("ticket_withdrawn", after=_minutes(2), article=None, value="undone")

    assert _value(_report(*events), "post_submit_resolution") == 1
    assert _value(_report(*events, undone), "post_submit_resolution") == 0


def test_the_last_vote_of_an_episode_counts() -> None:
    events = [
        an_event("article_voted", value="yes"),
        an_event("article_voted", value="no", after=_minutes(1)),
        an_event("article_voted", value="yes", visitor="v2"),
    ]

    assert _value(_report(*events), "self_service_success") == 0.5


def test_each_article_has_its_row() -> None:
    votes = [an_event("article_voted", value="no"), an_event("article_viewed", visitor="v1")]

    (row,) = _report(*_site(), *votes).articles

    assert (row.article, row.views, row.opened_from_form) == (RESET, 1, 6)
    assert (row.solved, row.taken_back, row.tickets_after_reading) == (4, 1, 1)
    assert (row.votes_yes, row.votes_no) == (0, 1)


def test_the_json_form_has_what_is_promised() -> None:
    made = json.loads(json.dumps(as_json(_report(*_site(), cost_per_ticket=8))))

    assert (made["from"], made["to"]) == ("2026-03-02", "2026-03-02")
    assert made["windows"] == {"lookback_h": 24, "horizon_h": 72, "durability_d": 7}
    assert made["outcomes"] == {"F": 11, "T": 4, "X": 3, "I": 2, "U": 2}
    assert list(made["metrics"]) == list(METRICS)
    assert all({"value", "n", "low", "high", "status"} <= set(m) for m in made["metrics"].values())
    assert made["filtered"]["crawler"] == 0


def test_results_under_a_search_box_are_no_suggestions_of_the_form() -> None:
    searching = an_event("suggest_shown", surface=Surface.SEARCH)
    made = _report(searching, an_event("form_started", after=_minutes(1)))

    assert _value(made, "suggestion_coverage") == 0


def test_two_browsers_known_to_be_one_person_later_say_as_much_as_one_person() -> None:
    def site(*, known: bool) -> Metric:
        log = []
        for n in range(10):
            for browser, at in ((f"a{n}", timedelta()), (f"b{n}", timedelta(days=3))):
                log.append(an_event("form_started", visitor=browser, after=at))
                if n % 2:
                    log.append(an_event("form_solved", visitor=browser, after=at + _minutes(1)))
                seen = {"visitor": browser, "user": f"p{n}" if known else None}
                log.append(an_event("article_viewed", after=timedelta(days=15), **seen))
        made = _report(*log, period=days(DAY, DAY + timedelta(days=15)))
        return made.metrics["confirmed_deflection_rate"]

    apart, together = site(known=False), site(known=True)

    assert (apart.value, apart.n) == (together.value, together.n) == (0.5, 20)
    assert (together.low or 0) < (apart.low or 0) - 0.05


def _answers(*times: int | None, arm: str | None = None, **facts: Any) -> list[Event]:
    kind = "suggest_ghost" if arm and "control" in arm else "suggest_shown"
    return [an_event(kind, took_ms=ms, arm=arm, **facts) for ms in times]


def test_the_time_to_suggest_is_that_of_nearly_all_answers() -> None:
    made = _report(*_answers(*range(1, 101)))

    found = made.metrics["suggestion_latency_p95"]
    assert (found.value, found.n, found.status) == (pytest.approx(95.05), 100, "ok")
    assert found.low is not None
    assert found.low < 95 < (found.high or 0)


def test_answers_of_both_arms_are_timed_and_can_be_told_apart() -> None:
    events = [
        *_answers(10, 10, arm="holdout:control@10"),
        *_answers(30, arm="holdout:shown@90", locale="sk"),
        *_answers(50, surface=Surface.SEARCH),
    ]
    narrowed = [
        Narrowed(), Narrowed(arm="holdout:control"), Narrowed(lang="sk"),
        Narrowed(surface="search"), Narrowed(category="moon"),
    ]  # fmt: skip

    found = [_report(*events, narrowed=one).metrics["suggestion_latency_p95"] for one in narrowed]

    assert [one.n for one in found] == [4, 2, 1, 1, 0]
    assert [one.value for one in found[1:]] == [10, 30, 50, None]


def test_answers_of_before_they_were_timed_say_nothing() -> None:
    found = _report(*_answers(None, None)).metrics["suggestion_latency_p95"]

    assert (found.value, found.n, found.status) == (None, 0, "not_enough_data")
