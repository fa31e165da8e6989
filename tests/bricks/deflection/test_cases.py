"""Behind each number stand exactly the cases that it says it counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kbportal.deflection.metrics import METRICS
from kbportal.deflection.model import Windows
from kbportal.deflection.numbers.cases import WITH_CASES, cases
from kbportal.deflection.reading.roll_up import roll_up_from
from kbportal.deflection.reading.source import EventList
from kbportal.deflection.report import ALL, Narrowed, days, report_of_events
from kbportal.events.catalog import Shown, Surface
from tests.builders import NOON, RESET, an_event

DAY = date(2026, 3, 2)
PERIOD, LATER = days(DAY, DAY + timedelta(days=1)), NOON + timedelta(days=30)
HIT = (Shown(RESET, "", 1, 1.0),)


def minutes(number):
    return timedelta(minutes=number)


def one_person(number, *, lang="en"):
    """What somebody did, each as different as the number is."""
    who = {"visitor": f"v{number}", "session": f"s{number}", "locale": lang,
           "arm": f"holdout:{'control' if number % 3 == 0 else 'shown'}@30"}  # fmt: skip
    begun = minutes(number % 50 + (1_440 if number % 7 == 0 else 0))
    events = [
        an_event("search", after=begun, surface=Surface.SEARCH, query_norm=f"q{number % 4}",
                 results=HIT if number % 4 else (), **who),
        an_event("form_started", after=begun + minutes(1), **who),
        an_event("suggest_ghost" if number % 3 == 0 else "suggest_shown",
                 after=begun + minutes(2), results=HIT, **who),
    ]  # fmt: skip
    if number % 3 and number % 2:
        events += [
            an_event("suggest_expanded", after=begun + minutes(3), dwell_ms=15_000, **who),
            an_event("form_solved", after=begun + minutes(4), **who),
        ]
    if number % 5 in (0, 1):
        events.append(
            an_event("ticket_created", after=begun + minutes(90), ticket=f"t{number}", **who)
        )
    if number % 5 == 0:
        events.append(
            an_event("article_voted", after=begun + minutes(5), surface=Surface.ARTICLE,
                     value="yes" if number % 4 else "no", **who)
        )  # fmt: skip
    return events


SITE = [e for n in range(60) for e in one_person(n, lang="sk" if n % 4 == 1 else "en")]


@pytest.fixture(scope="module")
def facts():
    source = EventList(SITE)
    return [
        roll_up_from(source, day=day, windows=Windows(), staff=frozenset(), now=LATER)
        for day in PERIOD.days
    ]


def behind(facts, metric, narrowed=ALL):
    return cases(metric, facts, period=PERIOD, now=LATER, narrowed=narrowed)


@pytest.mark.parametrize("narrowed", [ALL, Narrowed(lang="sk")], ids=["all", "sk"])
@pytest.mark.parametrize("metric", sorted(WITH_CASES - {"savings", "causal_tickets_avoided"}))
def test_the_cases_are_those_that_were_counted(facts, metric, narrowed):
    made = report_of_events(SITE, period=PERIOD, now=LATER, narrowed=narrowed).metrics[metric]

    found = behind(facts, metric, narrowed)

    assert found.n == made.n > 0
    if METRICS[metric].unit == "share":
        assert made.value == pytest.approx(found.counted / found.n)
    if METRICS[metric].unit == "band":
        assert made.high == pytest.approx(found.counted / found.n)


def test_the_cases_of_the_experiment_are_its_visitors(facts):
    made = report_of_events(SITE, period=PERIOD, now=LATER)

    found = behind(facts, "causal_tickets_avoided")

    assert made.holdout is not None
    assert found.n == made.holdout.n
    assert found.counted == made.holdout.control_tickets + made.holdout.shown_tickets


def test_rows_come_newest_first_page_by_page(facts):
    found = behind(facts, "submission_rate")

    rows = [*found.slice(0, 25), *found.slice(25, 50), *found.slice(50, 75)]

    assert rows == list(found.everything(step=7))
    assert len(rows) == len(found) == 60
    starts = [row.start for row in rows]
    assert starts == sorted(starts, reverse=True)


def test_a_row_tells_what_happened(facts):
    solved = behind(facts, "take_back_rate").slice(0, 100)
    sent = behind(facts, "submission_rate").only_counted().slice(0, 100)

    assert {row.articles for row in solved} == {(RESET,)}
    assert {row.outcome for row in sent} == {"T"}
    assert {row.seconds for row in sent} == {89 * 60}
    assert all(row.counted == row.n == 1 for row in sent)


def test_searches_are_told_by_query_and_day(facts):
    found = behind(facts, "zero_result_rate").only_counted().slice(0, 10)

    assert {row.query for row in found} == {"q0"}
    assert sum(row.n for row in found) == 15


def test_no_row_holds_a_visitor(facts):
    row = behind(facts, "submission_rate").slice(0, 1)[0]

    assert "v0" not in repr(row)
    assert not hasattr(row, "visitor")


def test_without_facts_there_are_no_cases():
    assert len(behind([], "submission_rate")) == 0
    assert behind([], "causal_tickets_avoided").slice(0, 5) == []


def test_every_metric_with_cases_is_a_metric():
    assert set(METRICS) - {"self_service_score", "suggestion_latency_p95"} == WITH_CASES
