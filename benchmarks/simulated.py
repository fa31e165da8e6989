"""Simulated sites as the report sees them, beside what is true of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import mean

from kbportal.deflection.contents import Report
from kbportal.deflection.model import Metric
from kbportal.deflection.report import Period, report_of_events
from kbportal.deflection.simulation.definitions import span_of
from kbportal.deflection.simulation.noise import noise
from kbportal.deflection.simulation.people import draw
from kbportal.deflection.simulation.site import Disturbance, Site, Tongue
from kbportal.deflection.simulation.topics import made_up
from kbportal.deflection.simulation.traffic import Writing, traffic
from kbportal.deflection.simulation.truth import Truth, truth
from kbportal.deflection.trials.experiment import Arms, Lift, difference
from kbportal.events.catalog import Event

BEGINNING = datetime(2026, 3, 2, tzinfo=UTC)
STAFF = ("agent-1",)
PARTS, PART = 10, 60_000
"""True people, a hundred times as many as a site sees, so that the truth's own error costs the
intervals no more than a tenth of a point of coverage."""
_LANGS = ("en", "sk", "pl", "fi", "ro")

Change = Callable[[Iterable[Event]], Iterable[Event]]


@dataclass(frozen=True, slots=True)
class Interval:
    """What the report says of one number, and what is true of it."""

    true: float
    value: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        return self.low <= self.true <= self.high


def a_site(number: int, *, lift: bool = True) -> Site:
    """One of many sites, each different; without lift nothing keeps anybody from writing."""
    chance = Random(f"site {number}")
    between = chance.uniform
    tongues = tuple(
        Tongue(lang, between(1, 5), between(-0.1, 0.1), between(0.05, 0.3))
        for lang in _LANGS[: chance.randint(1, 5)]
    )
    turned = between(0.05, 0.4)
    return Site(
        people_per_day=between(40, 100),
        tongues=tongues,
        control=chance.choice((0.1, 0.2, 0.3, 0.5)),
        covered=between(0.5, 0.95),
        writes_now=between(0.3, 0.65),
        writes_late=between(0.03, 0.12),
        turned=turned if lift else 0.0,
        relapse=between(0, 0.3),
        unlike=between(0, 0.25),
        presses=between(0.4, 1.6),
        late_median_h=between(10, 60),
        late_by_form=between(0.4, 1),
        returns=between(0.1, 0.4),
        returns_after_d=between(3, 12),
        comes_back_same_day=between(0, 0.2),
        two_browsers=between(0, 0.08),
        private=between(0, 0.2),
        looks_first=between(0.3, 0.6),
        opens=between(0.3, 0.7),
        reformulates=between(0.3, 0.6),
        votes=between(0.05, 0.2),
        votes_yes=between(0.5, 0.9),
        withdraws=between(0.02, 0.08),
    )


def seen(site: Site, seed: int, mixed_in: Disturbance, *, change: Change | None = None) -> Report:
    """The report on one site, all of whose episodes have matured.

    Args:
        change: Done to the events of people before they are read.
    """
    count = int(site.people_per_day * (site.days + site.warm_up_d))
    needs = draw(site, seed, people=count)
    langs = [tongue.lang for tongue in site.tongues]
    writing = Writing(site, made_up(langs), BEGINNING, seed, mixed_in)
    events = list(traffic(needs, writing))
    human = len(events)
    if change:
        events = list(change(events))
    events += noise(writing, human_events=human, staff=STAFF)
    now = BEGINNING + timedelta(seconds=span_of(site).now_s)
    first = BEGINNING - timedelta(days=1)
    return report_of_events(
        (event for event in events if first <= event.ts <= now),
        period=Period(BEGINNING, BEGINNING + timedelta(days=site.days)),
        now=now,
        staff=frozenset(STAFF),
        cost_per_ticket=8.0,
    )


def intervals(made: Report, told: Truth, site: Site) -> dict[str, Interval]:
    """Every number with an interval beside its truth; the lift whatever its status."""
    found = {}
    for name, true in told.rates.items():
        if interval := _interval(made.metrics[name], true):
            found[name] = interval
    if made.holdout and (told_apart := lift_of(made.holdout, site)):
        value, low, high = told_apart
        found["lift"] = Interval(told.lift, value, low, high)
    return found


def lift_of(holdout: Lift, site: Site) -> tuple[float, float, float] | None:
    """The difference and its interval, also while the report still waits for more visitors."""
    return difference(
        Arms(
            holdout.control_n,
            holdout.control_tickets,
            holdout.shown_n,
            holdout.shown_tickets,
            site.control,
        )
    )


def told_of(site: Site, number: int) -> Truth:
    """The truth of a site, of people who are not those that are seen.

    A part at a time, since so many at once take twice as long.
    """
    parts = [
        truth(site, seed, span_of(site), people=PART, twice=PART // 5) for seed in seeds_of(number)
    ]
    rates = {name: mean(part.rates[name] for part in parts) for name in parts[0].rates}
    return replace(parts[0], rates=rates, lift=mean(part.lift for part in parts))


def seeds_of(number: int) -> range:
    """Those of the parts of a site's true people."""
    return range(1_000_000 + number * PARTS, 1_000_000 + (number + 1) * PARTS)


def _interval(metric: Metric, true: float) -> Interval | None:
    if metric.value is None or metric.low is None or metric.high is None or true != true:
        return None
    return Interval(true, metric.value, metric.low, metric.high)
