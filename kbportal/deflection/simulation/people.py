"""What many people did, as columns: one row per need of a person, in the order of their coming.

Every draw is made for every row, whether it matters or not: so a site with other rates, or with
everybody in one arm, consists of the same people with the same luck, and differences between
such sites are differences of the rates.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from kbportal.deflection.simulation.asking import Asked, ask
from kbportal.deflection.simulation.calendar import DAY_S, arrivals
from kbportal.deflection.simulation.looking import Looked, look
from kbportal.deflection.simulation.site import Site

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MOST_NEEDS = 6
_BROWSERS, _IDS = 2, 4096
_NEVER = np.nan


@dataclass(frozen=True, slots=True)
class Person:
    """Columns that stay with a person, one row per person. kind: 0 or 1. needs: how many."""

    first: Floats
    tongue: Ints
    kind: Ints
    needs: Ints
    private: Flags
    widget: Flags
    two_browsers: Flags


@dataclass(frozen=True, slots=True)
class Needs:
    """Columns of needs. Moments are seconds from the start of day 0, nan for what never was.

    person, visitor: numbers; a person may have several visitor ids, and ``late_visitor`` sends
    the late ticket. control: drawn into control. ends: the last thing done for this need.
    """

    person: Ints
    visitor: Ints
    late_visitor: Ints
    tongue: Ints
    private: Flags
    widget: Flags
    control: Flags
    start: Floats
    looked: Looked
    asked: Asked

    def __len__(self) -> int:
        return len(self.person)


def draw(
    site: Site, seed: int, *, people: int, weekday: int = 0, control: float | None = None
) -> Needs:
    """So many people of a site.

    Args:
        weekday: Of day 0, Monday is 0.
        control: Share of control instead of the site's own.
    """
    rng = np.random.default_rng(seed)
    share = site.control if control is None else control
    everybody = _people(site, rng, people, weekday)
    start = everybody.first.copy()
    seen = np.full((people, _BROWSERS), _NEVER)
    rounds = []
    for turn in range(MOST_NEEDS):
        rows = np.flatnonzero(everybody.needs > turn)
        made = _round(site, rng, everybody, rows, start[rows], seen, turn, share=share, seed=seed)
        away = rng.exponential(site.returns_after_d * DAY_S, len(rows))
        start[rows] = made.asked.ends + site.shortest_gap_h * 3600 + 1.0 + away
        rounds.append(made)
    return _stacked(rounds)


def _people(site: Site, rng: np.random.Generator, count: int, weekday: int) -> Person:
    kind = rng.integers(0, 2, count)
    returning = np.where(kind == 0, 1.25, 0.75) * site.returns
    shares = np.array([tongue.share for tongue in site.tongues])
    return Person(
        first=arrivals(
            rng,
            count,
            first_day=-site.warm_up_d,
            days=site.warm_up_d + site.days,
            weekday=weekday,
        ),
        tongue=rng.choice(len(shares), count, p=shares / shares.sum()),
        kind=kind,
        needs=np.minimum(rng.geometric(1 - returning), MOST_NEEDS),
        private=rng.random(count) < site.private,
        widget=rng.random(count) < site.widget,
        two_browsers=rng.random(count) < site.two_browsers,
    )


def _round(
    site: Site,
    rng: np.random.Generator,
    everybody: Person,
    rows: Ints,
    start: Floats,
    seen: Floats,
    turn: int,
    *,
    share: float,
    seed: int,
) -> Needs:
    """The next need of these people."""
    browser = np.where(everybody.two_browsers[rows], turn % _BROWSERS, 0)
    fresh = np.isnan(seen[rows, browser])
    seen[rows, browser] = np.where(fresh, start, seen[rows, browser])
    widget = everybody.widget[rows]
    since = seen[rows, browser]
    visitor = _visitor(rows, browser, _lives(site, start, since, widget))
    private = everybody.private[rows]
    control = (lot(visitor, seed) < share) & ~private
    tongue, kind = everybody.tongue[rows], everybody.kind[rows]
    looked = look(site, rng, start, tongue)
    asked = ask(site, rng, looked, start=start, tongue=tongue, kind=kind, control=control)
    late = np.where(np.isnan(asked.late_at), start, asked.late_at)
    return Needs(
        person=rows,
        visitor=visitor,
        late_visitor=_visitor(rows, browser, _lives(site, late, since, widget)),
        tongue=tongue,
        private=private,
        widget=widget,
        control=control,
        start=start,
        looked=looked,
        asked=asked,
    )


def widget_key(site: Site, at: Floats | float) -> Floats:
    """By which key the widget's visitors are told apart then, counted from the first on."""
    return np.floor((np.asarray(at) / DAY_S + site.warm_up_d) / (site.widget_remembers_d or np.inf))


def person_of(visitor: Ints) -> Ints:
    """Whose id this is."""
    return visitor // (_BROWSERS * _IDS)


def with_key(visitor: int, key: int) -> int:
    """The id that the same browser has by another key."""
    return visitor - visitor % _IDS + key


def _lives(site: Site, at: Floats, since: Floats, widget: Flags) -> Floats:
    """How many ids a browser has had by then, whose first need came at ``since``."""
    own = (at - since) / (site.remembers_d * DAY_S)
    if site.widget_remembers_d is None:
        return own
    return np.where(widget, widget_key(site, at), own)


def _visitor(person: Ints, browser: Ints, lives: Floats) -> Ints:
    """The number of the id that a browser has after so many lifetimes of an id."""
    life = np.minimum(np.floor(lives), _IDS - 1).astype(np.int64)
    return (person * _BROWSERS + browser) * _IDS + life


def lot(visitor: Ints, seed: int) -> Floats:
    """A number from 0 to 1 for each visitor, always the same.

    Source: the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    """
    with np.errstate(over="ignore"):
        mixed = (visitor.astype(np.uint64) + np.uint64(seed + 1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    lot: Floats = (mixed ^ (mixed >> np.uint64(31))) / 2.0**64
    return lot


def _stacked(rounds: list[Needs]) -> Needs:
    columns = {
        name: np.concatenate([getattr(one, name) for one in rounds])
        for name in (column.name for column in fields(Needs))
        if name not in ("looked", "asked")
    }
    return Needs(
        looked=Looked.stacked([one.looked for one in rounds]),
        asked=Asked.stacked([one.asked for one in rounds]),
        **columns,
    )
