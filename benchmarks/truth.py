"""`python -m benchmarks.truth`: the report held against sites whose truth is known.

Each site has rates of its own, drawn by its number; its people and the truth come from different
seeds. Half of the sites have no lift. The report reads the events as a portal would record them,
robots, staff, spam, repeated deliveries and second browsers among them.

    python -m benchmarks.truth                        # half an hour of processor time
    python -m benchmarks.truth --only lift            # another one
    python -m benchmarks.truth --sites 24 --only coverage,bots
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from benchmarks.breaking import BREAKAGES
from benchmarks.figures import counted, held
from benchmarks.forgetting import widget
from benchmarks.holdouts import lift, looking
from benchmarks.simulated import Interval, a_site, intervals, seen, told_of
from benchmarks.versions import content_tests
from kbportal.deflection.metrics import METRICS
from kbportal.deflection.simulation.site import CALM, Disturbance

POINTS = 0.005
"""How far robots may move a share: half a point."""
BOTS = 0.3
LOUD = Disturbance(bots=0.1)
MID_SIZE = 235.0
"""People a day who start about 200 forms."""


def coverage(options: argparse.Namespace) -> dict[str, Any]:
    """How often each interval holds the truth; every second site is without lift."""
    found: dict[str, list[Interval]] = defaultdict(list)
    for number in counted(range(options.seed, options.seed + options.sites), "coverage"):
        site = a_site(number, lift=bool(number % 2))
        told = told_of(site, number)
        for name, one in intervals(seen(site, number, LOUD), told, site).items():
            there_is_none = name == "lift" and not number % 2
            found["lift where there is none" if there_is_none else name].append(one)
    return {name: held(every) for name, every in found.items()}


def bots(options: argparse.Namespace) -> dict[str, Any]:
    """How far programs, 30 % of all events, move each number: the same people with and without."""
    return _moved(options, "bots", Disturbance(bots=BOTS))


def patient_bots(options: argparse.Namespace) -> dict[str, Any]:
    """The same for programs that no rule tells from people."""
    return _moved(options, "patient bots", Disturbance(patient=BOTS))


def broken(options: argparse.Namespace) -> dict[str, Any]:
    """How often a broken experiment is called broken, by what is wrong with it."""
    found: dict[str, Any] = {}
    for name, change in BREAKAGES.items():
        called = 0
        numbers = range(options.seed, options.seed + options.broken_sites)
        for number in counted(numbers, name):
            site = replace(a_site(20_000 + number), people_per_day=MID_SIZE, control=0.1)
            holdout = seen(site, 20_000 + number, CALM, change=change).holdout
            called += holdout is not None and holdout.status == "broken"
        found[name] = {"sites": options.broken_sites, "called broken": called}
    return found


def _moved(options: argparse.Namespace, name: str, mixed_in: Disturbance) -> dict[str, Any]:
    most: dict[str, float] = defaultdict(float)
    for number in counted(range(options.seed, options.seed + options.paired_sites), name):
        site = a_site(30_000 + number)
        without, with_them = (
            seen(site, 30_000 + number, mix).metrics for mix in (Disturbance(), mixed_in)
        )
        for metric, before in without.items():
            after = with_them[metric]
            if before.value is not None and after.value is not None:
                moved = abs(after.value - before.value)
                relative = METRICS[metric].unit != "share" and before.value
                most[metric] = max(most[metric], moved / abs(before.value) if relative else moved)
    return {
        metric: f"{100 * moved:.2f} {'points' if METRICS[metric].unit == 'share' else '%'} at most"
        for metric, moved in most.items()
    }


def _lines(part: str, figures: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n{part}"
    for name, figure in figures.items():
        told = figure
        if isinstance(figure, Mapping):
            told = "  ".join(f"{key} {value}" for key, value in figure.items())
        yield f"  {name:<42} {told}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.truth", description=__doc__)
    for name, default, words in (
        ("--sites", 200, "for coverage"),
        ("--paired-sites", 20, "with and without robots"),
        ("--broken-sites", 20, "for each kind of breakage"),
        ("--tests", 200, "of two versions, read from events"),
        ("--columns", 2000, "tests of two versions without a difference, told from columns"),
        ("--widget-sites", 80, "with and without the widget's short memory"),
        ("--looked-sites", 100, "looked at every day"),
        ("--lift-sites", 600, "for the lift alone, with one and without"),
        ("--seed", 1, "number of the first site"),
    ):
        parser.add_argument(name, type=int, default=default, help=words)
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        default=[name for name in PARTS if name != "lift"],
        help=", ".join(PARTS),
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


PARTS: Mapping[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "coverage": coverage,
    "bots": bots,
    "patient bots": patient_bots,
    "broken": broken,
    "content tests": content_tests,
    "widget": widget,
    "looking": looking,
    "lift": lift,
}


def main() -> None:
    """Measure the parts asked for, print a table of each, or with --json one document."""
    options = _options()
    measured = {}
    for name in options.only:
        measured[name] = PARTS[name](options)
        if not options.json:
            print("\n".join(_lines(name, measured[name])), flush=True)
    if options.json:
        print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main()
