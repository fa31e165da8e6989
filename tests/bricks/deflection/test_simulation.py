"""The simulator: what it draws follows its rates, and the report finds them again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kbportal.deflection.contents import Report
from kbportal.deflection.report import Period, report_of_events
from kbportal.deflection.simulation.asking import took_ms
from kbportal.deflection.simulation.definitions import episodes, span_of
from kbportal.deflection.simulation.noise import noise
from kbportal.deflection.simulation.people import Needs, draw
from kbportal.deflection.simulation.site import (
    CALM,
    COURSES,
    Course,
    Disturbance,
    Fate,
    Site,
    Tongue,
)
from kbportal.deflection.simulation.topics import made_up
from kbportal.deflection.simulation.traffic import Writing, traffic
from kbportal.deflection.simulation.truth import truth
from kbportal.events.catalog import Event, check

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
STAFF = ("agent-1",)
SMALL = Site(days=14, people_per_day=25)
PLAIN = Site(
    days=14, tongues=(Tongue("en", 1.0),), writes_late=0, relapse=0, unlike=0, returns=0,
    private=0, two_browsers=0, looks_first=0, lands=0, covered=0.8, writes_now=0.5, turned=0.2,
)  # fmt: skip
"""People with one need each who come straight to the form: its truth can be told by hand."""


def _people(site: Site, seed: int) -> Needs:
    return draw(site, seed, people=int(site.people_per_day * (site.days + site.warm_up_d)))


def _log(site: Site, seed: int, mixed_in: Disturbance = CALM) -> list[Event]:
    writing = Writing(site, made_up([one.lang for one in site.tongues]), MONDAY, seed, mixed_in)
    human = list(traffic(_people(site, seed), writing))
    return human + list(noise(writing, human_events=len(human), staff=STAFF))


def _report(site: Site, log: list[Event]) -> Report:
    now = MONDAY + timedelta(seconds=span_of(site).now_s)
    return report_of_events(
        (event for event in log if MONDAY - timedelta(days=1) <= event.ts <= now),
        period=Period(MONDAY, MONDAY + timedelta(days=site.days)),
        now=now,
        staff=frozenset(STAFF),
    )


def test_the_same_seed_gives_the_same_events_and_another_one_others() -> None:
    assert _log(SMALL, 1, Disturbance(bots=0.2)) == _log(SMALL, 1, Disturbance(bots=0.2))
    assert _log(SMALL, 1) != _log(SMALL, 2)


def test_every_simulated_event_could_have_been_recorded() -> None:
    log = _log(SMALL, 3, Disturbance(bots=0.3, spam=2, staff=3))

    for event in log:
        check(event)
    assert {event.ua_class for event in log} == {"browser", "bot"}
    assert any(event.visitor is None for event in log)


def test_the_truth_of_a_plain_site_is_what_its_rates_say() -> None:
    told = truth(PLAIN, 5, span_of(PLAIN), people=200_000)

    pressed = COURSES[Fate.TURNED][Course.PRESSED] * 0.5 * 0.2
    pressed += COURSES[Fate.NONE][Course.PRESSED] * 0.5
    assert told.control == pytest.approx(0.5, abs=0.005)
    assert told.lift == pytest.approx(0.5 * 0.2, abs=0.005)
    assert told.rates["suggestion_coverage"] == pytest.approx(0.8 * 0.9, abs=0.005)
    assert told.rates["confirmed_deflection_rate"] == pytest.approx(0.72 * pressed, abs=0.005)
    assert told.rates["take_back_rate"] == 0


def test_where_nothing_keeps_people_from_writing_there_is_no_lift() -> None:
    site = replace(SMALL, turned=0.0)

    assert truth(site, 6, span_of(site), people=50_000).lift == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("seed", [7, 8])
def test_the_report_counts_each_outcome_as_it_was(seed: int) -> None:
    site = replace(SMALL, two_browsers=0, returns=0.4, returns_after_d=2)
    ended = episodes(_people(site, seed), span_of(site))
    confirmed = ended.pressed & ~ended.ticket & ended.lasting

    counts = _report(site, _log(site, seed, Disturbance(bots=0.3))).outcomes

    assert len(ended.start) == counts.F
    assert ended.ticket.sum() == counts.T
    assert ended.pressed.sum() == counts.P
    assert confirmed.sum() == counts.X_D
    assert (ended.read & ~ended.pressed & ~ended.ticket).sum() == counts.I


def test_the_time_to_suggest_is_found_again() -> None:
    found = _report(SMALL, _log(SMALL, 7)).metrics["suggestion_latency_p95"]

    assert found.n > 200
    assert found.low is not None
    assert found.high is not None
    assert found.low <= took_ms(0.95) <= found.high


def test_noise_moves_no_number() -> None:
    calm, noisy = (_report(SMALL, _log(SMALL, 9, mix)) for mix in (CALM, Disturbance(bots=0.3)))

    assert noisy.metrics == calm.metrics
    assert noisy.outcomes == calm.outcomes
    assert noisy.filtered["crawler"] > 0
    assert noisy.filtered["too_fast"] > 0
    assert noisy.filtered["staff"] > 0


def test_intervals_hold_the_truth() -> None:
    """A small version of `python -m benchmarks.truth`: most of 120 intervals must hold."""
    held = []
    for seed in range(12):
        site = replace(SMALL, turned=0.05 * (seed % 5), covered=0.6 + 0.03 * seed)
        told = truth(site, 100 + seed, span_of(site), people=30_000)
        metrics = _report(site, _log(site, seed)).metrics
        for name, true in told.rates.items():
            low, high = metrics[name].low, metrics[name].high
            held.append(low is not None and high is not None and low <= true <= high)

    assert sum(held) / len(held) > 0.85
