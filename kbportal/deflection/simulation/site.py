"""The true rates of a simulated site: what a report should find."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Fate(IntEnum):
    """What becomes of a need that led somebody to the ticket form.

    NONE: no ticket. NOW: a ticket at once. LATE: they leave, and a ticket follows hours or days
    later. TURNED: they would have written; the answer that they were shown kept them from it.
    """

    NONE = 0
    NOW = 1
    LATE = 2
    TURNED = 3


class Course(IntEnum):
    """What somebody does with the suggestions beside the form."""

    IGNORED = 0
    GLANCED = 1
    READ = 2
    PRESSED = 3
    UNDONE = 4


COURSES: dict[Fate, tuple[float, float, float, float, float]] = {
    Fate.NONE: (0.40, 0.15, 0.25, 0.20, 0.0),
    Fate.NOW: (0.63, 0.14, 0.20, 0.0, 0.03),
    Fate.LATE: (0.40, 0.10, 0.20, 0.30, 0.0),
    Fate.TURNED: (0.0, 0.0, 0.40, 0.60, 0.0),
}
"""How probable each course is, given what becomes of the need."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language: its share of people, and how its people and its articles differ.

    writes: added to the probability of writing. nothing_found: that of a search without results.
    """

    lang: str
    share: float
    writes: float = 0.0
    nothing_found: float = 0.12


@dataclass(frozen=True, slots=True)
class Site:
    """People, and what they do with which probability. Spans carry their unit in their names.

    days: of the period; people also came in the ``warm_up_d`` days before.
    control: the share of visitors to whom no suggestion is shown; 0 is no experiment.
    writes_now, writes_late: of those who start the form and are shown nothing.
    turned: of those who would write at once, the share whom a shown answer keeps from it.
    relapse: of these, the share who write later all the same. So the lift is about
    ``covered · writes_now · turned · (1 - relapse)``; with ``turned`` 0 it is 0.
    unlike: how much two kinds of people differ in their probability of writing, up and down.
    returns: the probability of another need after each, of the average kind of people.
    late_median_h, late_spread: of a lasting ticket's delay, log-normal.
    shortest_gap_h: pause before another need, to which an exponential one is added.
    remembers_d: how long a browser keeps its id. widget_remembers_d: how often the key of the
    widget is forgotten, so that all its visitors get new ids at once; None is ids as elsewhere.
    looks_first: searches before anything else; lands: comes to an article from elsewhere.
    presses: scales how many press who would not have written anyway.
    hasty: of opened articles, those left before they could be read.
    """

    days: int = 28
    people_per_day: float = 100.0
    warm_up_d: int = 35
    tongues: tuple[Tongue, ...] = field(default=(Tongue("en", 0.6), Tongue("sk", 0.4, 0.08, 0.2)))
    control: float = 0.1
    covered: float = 0.8
    writes_now: float = 0.5
    writes_late: float = 0.07
    turned: float = 0.2
    relapse: float = 0.15
    unlike: float = 0.12
    presses: float = 1.0
    late_median_h: float = 30.0
    late_spread: float = 1.2
    late_by_form: float = 0.7
    returns: float = 0.25
    returns_after_d: float = 5.0
    shortest_gap_h: float = 24.0
    comes_back_same_day: float = 0.1
    two_browsers: float = 0.04
    remembers_d: float = 30.0
    widget_remembers_d: float | None = None
    private: float = 0.08
    widget: float = 0.2
    looks_first: float = 0.45
    lands: float = 0.15
    opens: float = 0.5
    reformulates: float = 0.45
    hasty: float = 0.12
    form_after_open: float = 0.2
    form_after_none: float = 0.5
    votes: float = 0.08
    votes_yes: float = 0.7
    withdraws: float = 0.03
    withdraws_undone: float = 0.1


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What is mixed into a site's log, and must not change its numbers.

    bots: the share of all events that come from programs. staff: sessions of colleagues a day.
    prefetched, auto: of articles read, and of suggestions shown, the share with such an event
    beside. doubled: events that arrive twice. spam: suspected tickets a day.
    patient: the share of events by programs that no rule can tell from people: they read slowly,
    scroll, and search as somebody new each time.
    """

    bots: float = 0.0
    patient: float = 0.0
    staff: float = 2.0
    prefetched: float = 0.1
    auto: float = 0.3
    doubled: float = 0.01
    spam: float = 1.0


CALM = Disturbance(staff=0.0, prefetched=0.0, auto=0.0, doubled=0.0, spam=0.0)
