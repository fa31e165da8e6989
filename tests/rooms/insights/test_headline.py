"""The headline claims no more than is known, and is not green when something else got worse."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import g, render_template

from kbportal.deflection.contents import Guardrail
from kbportal.deflection.model import NO_DATA, Counts, Metric
from kbportal.deflection.numbers.intervals import share
from kbportal.deflection.trials.experiment import Arms, assess
from kbportal.kernel.clock import utc_now
from kbportal.web.insights import dashboard, period
from kbportal.web.insights.guardrails import GUARDRAIL_WORDS, guardrail_lines
from kbportal.web.insights.holdout import holdout
from kbportal.web.insights.numbers import metric_rows
from kbportal.web.insights.source import reports
from tests.cast import an_app
from tests.rooms.insights.test_dashboard import solved
from tests.rooms.staff import a_colleague

ENOUGH = Arms(2_000, 1_300, 18_000, 9_900, 0.1)
FEW = Arms(20, 13, 180, 99, 0.1)
LOPSIDED = Arms(2_000, 1_300, 2_000, 1_100, 0.1)


@pytest.fixture
def room(portal):
    user = a_colleague(portal, "manager")
    with an_app(portal).test_request_context("/insights/"):
        g.staff = user
        yield portal


def drawn(**facts):
    page = dashboard._page(period.wanted())
    return render_template("insights/dashboard.html", page=replace(page, is_empty=False, **facts))


def test_without_an_experiment_there_is_no_number(room):
    assert holdout(None).state == "off"
    assert "No experiment in this period" in drawn()


def test_too_few_visitors_are_progress_and_no_number(room):
    told = holdout(assess(FEW))

    assert (told.state, told.n, told.lift) == ("not_enough_data", "200", "")
    assert 0 < told.progress < 100
    assert f"Not enough data yet (200 of {told.needed})" in drawn(holdout=told)


def test_arms_that_the_lot_would_not_make_hide_the_number(room):
    told = holdout(assess(LOPSIDED))

    assert (told.state, told.lift, told.control) == ("broken", "", "")
    page = drawn(holdout=told)
    assert "The experiment is broken" in page
    assert "65%" not in page


def test_how_improbable_the_arms_are_is_said_as_people_write_it(room):
    told = holdout(assess(Arms(600, 390, 4_000, 2_200, 0.1)))

    assert re.fullmatch(r"[1-9]\s·\s10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+", told.chance)


def test_a_leak_between_the_arms_is_told_as_what_it_is(room):
    told = holdout(assess(replace(ENOUGH, control_crossed=600)))

    assert (told.state, told.is_lopsided) == ("broken", False)
    page = drawn(holdout=told)
    assert "got what the other group was to get" in page
    assert "the lot would not divide them" not in page


def test_enough_visitors_tell_the_difference_with_its_interval(room):
    told = holdout(assess(ENOUGH))

    assert (told.state, told.control, told.shown, told.lift) == ("ok", "65%", "55%", "+10")
    page = drawn(holdout=told)
    assert "+10 points (" in page


def test_tickets_avoided_are_whole_ones(room):
    made = reports(period.wanted()).now
    avoided = Metric(994.1, 40, 687.6, 1_294.9, "ok")
    now = replace(made, metrics=dict(made.metrics) | {"causal_tickets_avoided": avoided})

    row = metric_rows(now, made)["causal_tickets_avoided"]

    assert (row.value, row.range) == ("994", "688 to 1,295")


def test_a_headline_that_was_bought_dearly_is_not_green(room):
    room.events.append(solved(12, "a"))
    both = reports(period.wanted())
    worse = Guardrail("take_back_rate", share(60, 100), share(10, 100))
    dear = replace(both, now=replace(both.now, guardrails=(worse,)), warnings=(worse,))

    warning = dashboard._warning(dear)

    assert "Taken back" in warning
    assert "measure-warned" in drawn(warning=warning)
    assert "measure-warned" not in drawn()


def test_guardrails_say_how_they_fare(room):
    def line(rail):
        made = replace(reports(period.wanted()).now, guardrails=(rail,))
        return guardrail_lines(made)[0]

    better = Guardrail("satisfaction", share(9, 10), share(1, 100), better="higher")
    slow = Guardrail("seconds_to_submit", replace(share(1, 1), value=456.0), unit="seconds")
    assert line(better).verdict == "holds"
    assert line(Guardrail("abandonment_rate", share(99, 100), share(1, 100))).verdict == "got worse"
    assert line(slow).value == "7.6 min"
    assert (line(Guardrail("reopen_rate", NO_DATA)).verdict) == ""


def test_every_guardrail_has_words(room):
    made = room.reports.report(period.wanted().period, now=utc_now())

    assert {one.id for one in made.guardrails} == set(GUARDRAIL_WORDS)


@pytest.mark.parametrize(("young", "before"), [(0, "€2,400"), (3, "")])
def test_a_sum_that_still_grows_is_not_held_against_one_that_is_whole(room, young, before):
    made = reports(period.wanted()).now
    euros = Metric(1_600, 40, 1_000, 2_000, "ok")
    now = replace(
        made,
        matured=Counts(T=40),
        outcomes=Counts(T=40 + young),
        metrics=dict(made.metrics) | {"savings": euros},
    )
    earlier = replace(made, metrics=dict(made.metrics) | {"savings": replace(euros, value=2_400)})

    assert metric_rows(now, earlier)["savings"].before == before


@pytest.mark.parametrize(("before", "said"), [(21, "the difference may be chance"), (90, "")])
def test_a_time_to_suggest_that_differs_by_chance_says_so(room, before, said):
    made = reports(period.wanted()).now

    def with_time(ms):
        taken = Metric(ms, 500, ms - 3, ms + 3, "ok")
        return replace(made, metrics=dict(made.metrics) | {"suggestion_latency_p95": taken})

    row = metric_rows(with_time(20), with_time(before))["suggestion_latency_p95"]

    assert (row.value, row.before, row.change) == ("20 ms", f"{before} ms", said)
