"""The definitions of episodes and outcomes, applied to what people did instead of to events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from kbportal.deflection.model import Windows
from kbportal.deflection.simulation.asking import LATE_START_S
from kbportal.deflection.simulation.calendar import DAY_S
from kbportal.deflection.simulation.people import Needs
from kbportal.deflection.simulation.site import Course, Site

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_SPAN_S = 1e9


@dataclass(frozen=True, slots=True)
class Span:
    """The period, from the start of day 0 on, and the present, both in seconds from there."""

    until_s: float
    now_s: float
    windows: Windows

    def owns(self, moments: Floats) -> Flags:
        """Which moments lie in the period; nan does not."""
        return (moments >= 0) & (moments < self.until_s)


def span_of(site: Site, *, now_d: float | None = None, windows: Windows | None = None) -> Span:
    """The site's period, and a present so many days after the start of day 0.

    Without it everything of the period has matured.
    """
    whole = windows or Windows()
    late = site.days + whole.settles_after / timedelta(days=1) + 3
    return Span(site.days * float(DAY_S), (now_d or late) * DAY_S, whole)


@dataclass(frozen=True, slots=True)
class Episodes:
    """Columns of episodes with a form start, by the definitions; of people with an id."""

    visitor: Ints
    start: Floats
    ticket: Flags
    lasting: Flags
    pressed: Flags
    read: Flags
    shown: Flags
    opened: Flags
    covered: Flags


def episodes(needs: Needs, span: Span) -> Episodes:
    """The matured episodes of the period: of each need, and of each late ticket on its own."""
    asked, known = needs.asked, ~needs.private
    apart = ~np.isnan(asked.late_at) & asked.by_form & ~asked.joined
    horizon, durability = (
        span.windows.horizon.total_seconds(),
        span.windows.durability.total_seconds(),
    )
    settles = max(horizon, durability)
    tickets = Times(needs)

    def of(
        rows: Ints, visitor: Ints, start: Floats, form_at: Floats, acted: Floats, *, late: bool
    ) -> Episodes:
        mine = span.owns(start) & (acted + settles <= span.now_s)
        at = rows[mine]
        person, since, last = needs.person[at], form_at[mine], acted[mine]
        course = np.where(late, int(Course.IGNORED), asked.course[at])
        covered = asked.covered[at] & (not late)
        return Episodes(
            visitor=visitor[at],
            start=start[mine],
            ticket=tickets.any_in(person, since, last + horizon),
            lasting=~tickets.any_in(person, since, last + settles),
            pressed=course == Course.PRESSED,
            read=np.isin(course, (Course.READ, Course.PRESSED, Course.UNDONE)),
            shown=covered & ~needs.control[at],
            opened=course != Course.IGNORED,
            covered=covered,
        )

    main, extra = np.flatnonzero(asked.form & known), np.flatnonzero(apart & known)
    begun = asked.late_at[extra] - LATE_START_S
    parts = (
        of(main, needs.visitor, needs.start[main], asked.form_at[main], asked.acted_at[main],
           late=False),
        of(extra, needs.late_visitor, begun, begun, asked.late_at[extra], late=True),
    )  # fmt: skip
    return Episodes(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Episodes.__slots__)
    )


class Times:
    """When each person sent tickets, in order."""

    def __init__(self, needs: Needs) -> None:
        at = np.fmax(needs.asked.ticket_at, needs.asked.late_at)
        sent = ~np.isnan(at)
        self._keys = np.sort(needs.person[sent] * _SPAN_S + at[sent])

    def any_in(self, person: Ints, since: Floats, until: Floats) -> Flags:
        """Whether each person sent one with since <= moment <= until."""
        before = np.searchsorted(self._keys, person * _SPAN_S + since, side="left")
        found: Flags = before < np.searchsorted(self._keys, person * _SPAN_S + until, side="right")
        return found
