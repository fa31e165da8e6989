"""What it costs that the widget knows nobody for longer than two days: the same people twice,
once with ids as by cookie and once as in the widget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from math import sqrt
from statistics import mean, stdev
from typing import Any

from benchmarks.figures import counted
from benchmarks.simulated import a_site, lift_of, seen, told_of
from kbportal.deflection.contents import Report
from kbportal.deflection.metrics import METRICS
from kbportal.deflection.simulation.site import CALM, Site
from kbportal.events.catalog import Surface

PART, REMEMBERED_D = 1 / 3, 2.0
"""Of the people those in the widget, and how long its key lives."""
SHARES = tuple(name for name, one in METRICS.items() if one.unit == "share")


def widget(options: Any) -> dict[str, Any]:
    """How far the numbers are off, in points, with the interval of the mean over sites."""
    moved: dict[str, list[float]] = defaultdict(list)
    error: list[float] = []
    numbers = range(options.seed, options.seed + options.widget_sites)
    for number in counted(numbers, "widget"):
        site = replace(a_site(90_000 + number), widget=PART)
        forgets = replace(site, widget_remembers_d=REMEMBERED_D)
        known, forgotten = (
            _numbers(seen(one, 90_000 + number, CALM), one) for one in (site, forgets)
        )
        for name in known.keys() & forgotten.keys():
            moved[name].append(forgotten[name] - known[name])
        headline = "confirmed_deflection_rate"
        error.append(forgotten[headline] - told_of(site, 90_000 + number).rates[headline])
    told = {name: _points(moved[name]) for name in sorted(moved)}
    return told | {"the headline less the truth": _points(error)}


def _numbers(made: Report, site: Site) -> dict[str, float]:
    """Every share, those of the widget's episodes alone, and the lift."""
    values = {name: made.metrics[name].value for name in SHARES if name in made.metrics}
    for part in made.breakdowns["surface"]:
        if part.key == Surface.WIDGET:
            values["confirmed_deflection_rate, widget"] = part.confirmed.value
            values["submission_rate, widget"] = part.submission.value
    found = {name: value for name, value in values.items() if value is not None}
    if made.holdout and (told := lift_of(made.holdout, site)):
        found["lift"] = told[0]
    return found


def _points(moved: Sequence[float]) -> str:
    """The mean of many, in points, with its 95 % interval, and the largest."""
    middle, reach = mean(moved), 1.96 * stdev(moved) / sqrt(len(moved))
    low, high = 100 * (middle - reach), 100 * (middle + reach)
    most = 100 * max(moved, key=abs)
    return (
        f"{100 * middle:+.2f} ({low:+.2f} to {high:+.2f}), at most {most:+.1f}; {len(moved)} sites"
    )
