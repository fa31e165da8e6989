"""`python -m benchmarks.truth`: the report held against sites whose truth is known.

Each site has rates of its own, drawn by its number; its people and the truth come from different
seeds. Half of the sites have no lift. The report reads the events as a portal would record them,
robots, staff, spam, repeated deliveries and second browsers among them.

    python -m benchmarks.truth                        # a quarter of an hour of processor time
    python -m benchmarks.truth --sites 24 --only coverage,bots
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from benchmarks.breaking import BREAKAGES
from benchmarks.simulated import Interval, a_site, intervals, lift_of, seen, told_of
from kbportal.deflection.metrics import METRICS
from kbportal.deflection.numbers.intervals import share
from kbportal.deflection.simulation.site import CALM, Disturbance

TRUE_PEOPLE = 120_000
COVERED = (0.93, 0.97)
POINTS = 0.005
"""How far robots may move a share: half a point."""
BOTS = 0.3
LOUD = Disturbance(bots=0.1)
MID_SIZE = 235.0
"""People a day who start about 200 forms."""


def main() -> None:
    """Measure the parts asked for, print a table of each, or with --json one document."""
    options = _options()
    parts: Mapping[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
        "coverage": coverage,
        "no lift": no_lift,
        "bots": bots,
        "patient bots": patient_bots,
        "broken": broken,
    }
    measured = {name: make(options) for name, make in parts.items() if name in options.only}
    if options.json:
        print(json.dumps(measured, indent=2))
    else:
        print("\n".join(_lines(measured)))


def coverage(options: argparse.Namespace) -> dict[str, Any]:
    """How often each interval holds the truth; every second site is without lift."""
    found: dict[str, list[Interval]] = defaultdict(list)
    for number in _counted(range(options.seed, options.seed + options.sites), "coverage"):
        site = a_site(number, lift=bool(number % 2))
        told = told_of(site, number, people=TRUE_PEOPLE)
        for name, one in intervals(seen(site, number, LOUD), told, site).items():
            there_is_none = name == "lift" and not number % 2
            found["lift where there is none" if there_is_none else name].append(one)
    return {name: _held(every) for name, every in found.items()}


def no_lift(options: argparse.Namespace) -> dict[str, Any]:
    """How often a site without lift is said to have one."""
    excluded = ready = 0
    for number in _counted(range(options.seed, options.seed + options.sites), "no lift"):
        # People who only look cannot matter here; without them it takes half the time.
        site = replace(a_site(10_000 + number, lift=False), looks_first=0.0, lands=0.0)
        holdout = seen(site, 10_000 + number, CALM).holdout
        told = lift_of(holdout, site) if holdout else None
        if told:
            excluded += told[1] > 0 or told[2] < 0
            ready += holdout is not None and holdout.status == "ok"
    found = share(excluded, options.sites)
    return {
        "sites": options.sites,
        "interval excludes 0": _percent(found.value, found.low, found.high),
        "had enough visitors": ready,
    }


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
        for number in _counted(numbers, name):
            site = replace(a_site(20_000 + number), people_per_day=MID_SIZE, control=0.1)
            holdout = seen(site, 20_000 + number, CALM, change=change).holdout
            called += holdout is not None and holdout.status == "broken"
        found[name] = {"sites": options.broken_sites, "called broken": called}
    return found


def _moved(options: argparse.Namespace, name: str, mixed_in: Disturbance) -> dict[str, Any]:
    most: dict[str, float] = defaultdict(float)
    for number in _counted(range(options.seed, options.seed + options.paired_sites), name):
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


def _held(every: Sequence[Interval]) -> dict[str, Any]:
    """Coverage with its own interval, and which way the misses lie."""
    held = sum(one.holds for one in every)
    found = share(held, len(every))
    return {
        "sites": len(every),
        "held": _percent(found.value, found.low, found.high),
        "below": sum(one.high < one.true for one in every),
        "above": sum(one.low > one.true for one in every),
        "bias": f"{100 * sum(one.value - one.true for one in every) / len(every):+.2f}",
        "width": f"{100 * sum(one.high - one.low for one in every) / len(every):.1f}",
        "ok": found.value is not None and COVERED[0] <= found.value <= COVERED[1],
    }


def _percent(value: float | None, low: float | None, high: float | None) -> str:
    return f"{100 * (value or 0):.1f} % ({100 * (low or 0):.1f} to {100 * (high or 0):.1f})"


def _lines(measured: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for part, figures in measured.items():
        yield f"\n{part}"
        for name, figure in figures.items():
            told = figure
            if isinstance(figure, Mapping):
                told = "  ".join(f"{key} {value}" for key, value in figure.items())
            yield f"  {name:<30} {told}"


def _counted(numbers: Sequence[int], name: str) -> Iterable[int]:
    """The numbers, with a line on a terminal that says how far it is."""
    for done, number in enumerate(numbers, 1):
        yield number
        if sys.stderr.isatty():
            print(f"\r{name}: {done} of {len(numbers)} ", end="", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.truth", description=__doc__)
    parser.add_argument("--sites", type=int, default=200, help="for coverage, and for no lift")
    parser.add_argument("--paired-sites", type=int, default=20, help="with and without robots")
    parser.add_argument("--broken-sites", type=int, default=20, help="for each kind of breakage")
    parser.add_argument("--seed", type=int, default=1, help="number of the first site")
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        default=["coverage", "bots", "patient bots", "broken"],
        help="coverage, bots, patient bots, broken; and no lift, for that alone on more sites",
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
