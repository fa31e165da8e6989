"""Experiments among simulated people: what columns tell is what events tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from kbportal.deflection.model import Windows
from kbportal.deflection.report import Period, report_of_events
from kbportal.deflection.simulation.arms import triggered
from kbportal.deflection.simulation.calendar import DAY_S
from kbportal.deflection.simulation.definitions import span_of
from kbportal.deflection.simulation.people import draw, person_of
from kbportal.deflection.simulation.site import CALM, Site
from kbportal.deflection.simulation.topics import made_up
from kbportal.deflection.simulation.traffic import Writing, traffic
from kbportal.deflection.simulation.versions import (
    ARTICLE,
    TEST,
    Tried,
    events_of,
    outcome_of,
    readers,
    true_rates,
)
from kbportal.deflection.trials.content_tests import Verdict, deciding, judged, result_of
from kbportal.events.catalog import Event, Surface, check

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SMALL = Site(days=14, people_per_day=25, control=0.5)
BUSY = Site(days=90, people_per_day=120, two_browsers=0.06, private=0.15, returns=0.4)
PEOPLE = int(BUSY.people_per_day * (BUSY.days + BUSY.warm_up_d))


def _log(site: Site, seed: int) -> list[Event]:
    people = int(site.people_per_day * (site.days + site.warm_up_d))
    shelves = made_up([one.lang for one in site.tongues])
    return list(
        traffic(draw(site, seed, people=people), Writing(site, shelves, MONDAY, seed, CALM))
    )


def test_the_holdout_told_from_columns_is_the_one_that_the_report_counts() -> None:
    site = replace(SMALL, two_browsers=0, returns=0.4, returns_after_d=3)
    needs = draw(site, 4, people=int(site.people_per_day * (site.days + site.warm_up_d)))
    arms = triggered(needs, span_of(site)).of_period(0, site.days * DAY_S).arms(site.control)
    now = MONDAY + timedelta(seconds=span_of(site).now_s)

    holdout = report_of_events(
        (e for e in _log(site, 4) if MONDAY - timedelta(days=1) <= e.ts <= now),
        period=Period(MONDAY, MONDAY + timedelta(days=site.days)),
        now=now,
    ).holdout

    assert holdout is not None
    assert (holdout.control_n, holdout.control_tickets) == (arms.control_n, arms.control_tickets)
    assert (holdout.shown_n, holdout.shown_tickets) == (arms.shown_n, arms.shown_tickets)


def test_a_test_of_versions_told_from_columns_is_the_one_that_is_counted() -> None:
    read = readers(BUSY, Tried(keeps=0.3), 5, people=PEOPLE)
    columns = outcome_of(read, Windows())
    enough = deciding(columns.ticket.tolist())
    verdict, lift = judged(columns.arms(0.5, until=enough))
    events = list(events_of(read, seed=5, beginning=MONDAY))

    found = result_of(
        events,
        experiment=TEST,
        article=ARTICLE,
        windows=Windows(),
        now=MONDAY + timedelta(days=BUSY.days + 30),
    )

    assert enough is not None
    assert (found.verdict, found.lift) == (verdict, lift)
    assert verdict is Verdict.B_IS_BETTER


def test_each_visitor_has_one_version_and_who_is_not_followed_has_none() -> None:
    read = readers(BUSY, Tried(), 6, people=2_000)
    events = list(events_of(read, seed=6, beginning=MONDAY))
    seen = {(e.visitor, e.arm) for e in events if e.arm}

    for event in events:
        check(event)
    assert len(seen) == len({visitor for visitor, _ in seen})
    assert {arm for _, arm in seen} == {f"{TEST}:a@50", f"{TEST}:b@50"}
    assert np.isnan(read.seen_at[read.needs.private]).all()
    assert any(e.visitor is None for e in events)


def test_two_versions_that_do_the_same_have_the_same_truth() -> None:
    same = true_rates(BUSY, Tried(keeps=0.0), 7, people=10_000)
    better = true_rates(BUSY, Tried(keeps=0.5), 7, people=10_000)

    assert same[0] == same[1] == better[0]
    assert better[1] < better[0] - 0.02


def test_looking_every_day_calls_few_of_many_equal_versions_better() -> None:
    """A small version of `python -m benchmarks.truth --only "content tests"`."""
    verdicts = []
    for seed in range(40):
        found = outcome_of(readers(BUSY, Tried(), seed, people=PEOPLE), Windows())
        days = (deciding(found.ticket[:n].tolist()) for n in found.known_on(BUSY.days)[::30])
        said = {judged(found.arms(0.5, until=n))[0] for n in days if n}
        verdicts.append(said)

    assert all(len(said) <= 1 for said in verdicts)
    called = [said for said in verdicts if said & {Verdict.A_IS_BETTER, Verdict.B_IS_BETTER}]
    assert len(called) <= 6


def test_the_widget_forgets_all_of_its_visitors_at_once() -> None:
    log = _log(replace(SMALL, widget=1.0, widget_remembers_d=2.0, returns=0.4), 8)
    keys: dict[str, set[int]] = {}
    for event in log:
        if event.visitor and event.surface is Surface.WIDGET:
            day = (event.ts - MONDAY) // timedelta(days=1) + SMALL.warm_up_d
            keys.setdefault(event.visitor, set()).add(day // 2)

    assert len(keys) > 100
    assert all(len(seen) == 1 for seen in keys.values())


def test_ids_lead_back_to_their_person() -> None:
    needs = draw(replace(SMALL, remembers_d=5, two_browsers=0.5), 9, people=500)

    assert (person_of(needs.visitor) == needs.person).all()
    assert len(np.unique(needs.visitor)) > len(np.unique(needs.person))
