"""Articles tried in two versions, held against what their versions truly do.

Half of the tests that are read from events have no difference; rare things, such as a false
verdict on some day, are counted on many more, from columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from statistics import median
from typing import Any

from benchmarks.figures import counted, held, of
from benchmarks.simulated import BEGINNING, Interval, a_site
from kbportal.deflection.model import Windows
from kbportal.deflection.simulation.arms import Counted
from kbportal.deflection.simulation.site import Site
from kbportal.deflection.simulation.versions import (
    ARTICLE,
    TEST,
    Readers,
    Tried,
    events_of,
    outcome_of,
    readers,
    true_rates,
)
from kbportal.deflection.trials.content_tests import (
    SHARES,
    A,
    TrialResult,
    Verdict,
    deciding,
    judged,
    planned_effect,
    result_of,
)
from kbportal.events.catalog import Event

DAYS, DAYS_OF_EVENTS, PEOPLE_PER_DAY = 150, 75, 200.0
TRUE_PEOPLE, ROUGH_PEOPLE = 120_000, 30_000
"""To tell the truth by, in which the same people see both versions; and to find out how much
version B must do for a given difference."""
MOST_KEPT = 0.4
WINDOWS = Windows()
BETTER = (Verdict.A_IS_BETTER, Verdict.B_IS_BETTER)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a test said. once: when it was decided, by so many visitors, on that day. daily: what
    it would have said on each day since, of how many, were all visitors so far judged anew.
    """

    once: Verdict
    n: int
    day: int
    daily: tuple[tuple[int, Verdict], ...]


def content_tests(options: Any) -> dict[str, Any]:
    """Coverage of the interval; false verdicts and power, also if one looked every day."""
    many = options.columns
    return {
        **_from_events(options.tests, options.seed),
        **_without_difference(many, options.seed),
        **_with_difference(many // 5, options.seed),
    }


def _from_events(sites: int, seed: int) -> dict[str, Any]:
    """How often the interval of a decided test holds the truth, and whether it stays decided."""
    found: dict[str, list[Interval]] = {"no difference": [], "a difference": []}
    changed = decided = 0
    for number in counted(range(seed, seed + sites), "content tests"):
        site = replace(_a_site(60_000 + number), days=DAYS_OF_EVENTS)
        keeps = Random(f"test {number}").uniform(0.05, MOST_KEPT) if number % 2 else 0.0
        read = _readers(site, Tried(keeps=keeps), 60_000 + number)
        events = list(events_of(read, seed=number, beginning=BEGINNING))
        looks = _looked(outcome_of(read, WINDOWS))
        lift = (late := _result(events, site.days)).lift
        if looks.n and looks.day < site.days:
            decided += 1
            changed += _result(events, looks.day).verdict is not late.verdict
        if lift.difference is not None and lift.low is not None and lift.high is not None:
            true = _true_difference(site, keeps, number)
            one = Interval(true, lift.difference, lift.low, lift.high)
            found["a difference" if keeps else "no difference"].append(one)
    told = {f"interval, {name}": held(every) for name, every in found.items()}
    return told | {"another verdict in the end": of(changed, decided)}


def _without_difference(tests: int, seed: int) -> dict[str, Any]:
    """How often one version is called better of two that do the same."""
    looks = [
        _seen(Tried(), 70_000 + n) for n in counted(range(seed, seed + tests), "no difference")
    ]
    decided = [one for one in looks if one.n]
    told = Counter(one.once for one in decided)
    return {
        "no difference: decided": of(len(decided), tests),
        "no difference: called better": of(sum(told[one] for one in BETTER), len(decided)),
        "no difference: broken on some day": of(sum(map(_ever_broken, decided)), len(decided)),
        **{
            f"judged daily, {times:g} times as many: better": of(
                sum(_any_better(one, times) for one in decided), len(decided)
            )
            for times in (1.0, 1.5, 2.0, 3.0)
        },
    }


def _with_difference(tests: int, seed: int) -> dict[str, Any]:
    """How often the better version is found where it does what the plan looks for."""
    right = wrong = 0
    visitors, days = [], []
    for number in counted(range(seed, seed + tests), "a difference"):
        looks = _seen(Tried(keeps=_planned(80_000 + number)), 80_000 + number)
        right += looks.once is Verdict.B_IS_BETTER
        wrong += looks.once is Verdict.A_IS_BETTER
        visitors.append(looks.n)
        days.append(looks.day)
    return {
        "the planned difference: found": of(right, tests),
        "the planned difference: the wrong one": of(wrong, tests),
        "visitors that decide, median": median(visitors),
        "days until then, median": median(days),
    }


def _seen(tried: Tried, number: int) -> Looked:
    site = _a_site(number)
    return _looked(outcome_of(_readers(site, tried, number), WINDOWS))


def _looked(found: Counted) -> Looked:
    """What a test says to somebody who looks every day."""
    enough = deciding(found.ticket.tolist())
    if enough is None:
        return Looked(Verdict.RUNNING, 0, 0, ())
    known = found.known_on(DAYS)
    daily = [(int(n), judged(found.arms(SHARES[A] / 100, until=int(n)))[0]) for n in known]
    once, _ = judged(found.arms(SHARES[A] / 100, until=enough))
    day = int((known < enough).sum()) + 1
    return Looked(once, enough, day, tuple(one for one in daily if one[1] is not Verdict.RUNNING))


def _any_better(looks: Looked, times: float) -> bool:
    """Whether one version was called better on some day before that many times as many had come
    as on the first day with enough."""
    enough = [(n, said) for n, said in looks.daily if n >= looks.n]
    return any(said in BETTER for n, said in enough if n <= times * enough[0][0])


def _ever_broken(looks: Looked) -> bool:
    """Whether the lot was said not to work on some day before the decision, or by it."""
    days = (said for n, said in looks.daily if n < looks.n)
    return Verdict.BROKEN in (looks.once, *days)


def _planned(number: int) -> float:
    """How much version B must keep from writing, for as large a difference as is looked for."""
    site = _a_site(number)
    rate_a, rate_b = true_rates(site, Tried(keeps=1.0), 1_000_000 + number, people=ROUGH_PEOPLE)
    keeps = 0.0
    for _ in range(5):
        both = rate_a - keeps * (rate_a - rate_b) / 2
        keeps = planned_effect(both) / (rate_a - rate_b)
    return keeps


def _true_difference(site: Site, keeps: float, number: int) -> float:
    if not keeps:
        return 0.0
    rates = true_rates(site, Tried(keeps=keeps), 1_000_000 + number, people=TRUE_PEOPLE)
    return rates[0] - rates[1]


def _a_site(number: int) -> Site:
    return replace(a_site(number), days=DAYS, people_per_day=PEOPLE_PER_DAY)


def _readers(site: Site, tried: Tried, seed: int) -> Readers:
    people = int(site.people_per_day * (site.days + site.warm_up_d))
    return readers(site, tried, seed, people=people)


def _result(events: Sequence[Event], day: int) -> TrialResult:
    now: datetime = BEGINNING + timedelta(days=day)
    return result_of(
        [event for event in events if event.ts <= now],
        experiment=TEST,
        article=ARTICLE,
        windows=WINDOWS,
        now=now,
    )
