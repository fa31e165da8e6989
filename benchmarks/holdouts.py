"""The holdout on many sites, told from columns: how often its interval is right, looked at once
and looked at every day."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean
from typing import Any

from benchmarks.figures import counted, held, of
from benchmarks.simulated import PART, Interval, a_site, seeds_of
from kbportal.deflection.simulation.arms import Triggered, triggered
from kbportal.deflection.simulation.calendar import DAY_S
from kbportal.deflection.simulation.definitions import span_of
from kbportal.deflection.simulation.people import draw
from kbportal.deflection.simulation.site import Site
from kbportal.deflection.simulation.truth import true_lift
from kbportal.deflection.trials.experiment import Arms, assess, difference

LARGE = 600.0
"""People a day, so that 28 days are enough for a number at most shares of control."""
LOOKED_D, PERIOD_D = 180, 28
LIFT_PARTS = 4


def lift(options: Any) -> dict[str, Any]:
    """How often the interval of the lift holds the truth, by whether there is one."""
    found: dict[str, list[Interval]] = {"sites with a lift": [], "sites without": []}
    numbers = range(options.seed, options.seed + options.lift_sites)
    excluded = 0
    for number in counted(numbers, "lift"):
        for name, every in found.items():
            site = a_site(10_000 + number, lift=name == "sites with a lift")
            told = difference(_arms(site, 10_000 + number))
            if told is None:
                continue
            every.append(Interval(_true_lift(site, number), *told))
            excluded += not site.turned and (told[1] > 0 or told[2] < 0)
    return {
        **{name: held(every) for name, every in found.items()},
        "without, interval excludes 0": of(excluded, len(found["sites without"])),
    }


def looking(options: Any) -> dict[str, Any]:
    """How often a site without lift is said to have one on some day, if one looks every day."""
    shown = wrong = 0
    ever = {"the last 28 days": 0, "all days so far": 0}
    had = dict.fromkeys(ever, 0)
    called = 0
    numbers = range(options.seed, options.seed + options.looked_sites)
    for number in counted(numbers, "looking"):
        site = replace(a_site(40_000 + number, lift=False), days=LOOKED_D, people_per_day=LARGE)
        found = _triggered(site, 40_000 + number)
        seen = {
            "the last 28 days": [_said(found, site, day - PERIOD_D, day) for day in _days()],
            "all days so far": [_said(found, site, 0, day) for day in _days()],
        }
        for name, said in seen.items():
            told = [one for one in said if one in ("zero", "lift")]
            had[name] += bool(told)
            ever[name] += "lift" in told
            if name == "the last 28 days":
                shown += len(told)
                wrong += told.count("lift")
        called += any("broken" in said for said in seen.values())
    return {
        "wrong on a day, the last 28 days": of(wrong, shown),
        **{f"wrong on some day, {name}": of(ever[name], had[name]) for name in ever},
        "called broken on some day": of(called, options.looked_sites),
    }


def _days() -> range:
    return range(PERIOD_D, LOOKED_D + 1)


def _said(found: Triggered, site: Site, first: int, last: int) -> str:
    """What the page says at the end of a day about some days."""
    mine = found.of_period(first * DAY_S, last * DAY_S)
    ripe = int((mine.at <= last * DAY_S).sum())
    if not ripe:
        return "nothing"
    told = assess(mine.arms(site.control, until=ripe))
    if told.low is None or told.high is None:
        return "broken" if told.status == "broken" else "nothing"
    return "lift" if told.low > 0 or told.high < 0 else "zero"


def _arms(site: Site, number: int) -> Arms:
    return _triggered(site, number).of_period(0, site.days * DAY_S).arms(site.control)


def _true_lift(site: Site, number: int) -> float:
    """Of the same people in both arms: a few times 60,000 are sure to a tenth of a point."""
    seeds = seeds_of(10_000 + number)[: LIFT_PARTS if site.turned else 1]
    return mean(true_lift(site, seed, span_of(site), people=PART) for seed in seeds)


def _triggered(site: Site, number: int) -> Triggered:
    people = int(site.people_per_day * (site.days + site.warm_up_d))
    return triggered(draw(site, number, people=people), span_of(site))
