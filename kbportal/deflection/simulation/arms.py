"""What an experiment counts in its arms, told from what people did instead of from events.

Reading events takes a second a site. Told from columns it takes a hundredth of that, so that
rare things, such as a false alarm on some day of a year, can be counted on thousands of sites.
A test holds it against the report, visitor by visitor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kbportal.deflection.simulation.calendar import DAY_S
from kbportal.deflection.simulation.definitions import Span, episodes
from kbportal.deflection.simulation.people import Needs, person_of
from kbportal.deflection.trials.experiment import Arms

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counted:
    """Columns, one row per visitor of an experiment, in the order in which they count.

    at: from when on they count, in seconds from the start of day 0. first: whether they are in
    the first of the two arms, control or version A. ticket: whether they wrote to us.
    """

    at: Floats
    first: Flags
    ticket: Flags

    @classmethod
    def of(cls, at: Floats, first: Flags, ticket: Flags) -> Counted:
        """In order."""
        order = np.argsort(at, kind="stable")
        return cls(at[order], first[order], ticket[order])

    def arms(self, share: float, *, since: int = 0, until: int | None = None) -> Arms:
        """The arms of some of these visitors, by their number in order.

        Args:
            share: The part that the lot puts into the first arm.
        """
        first, ticket = self.first[since:until], self.ticket[since:until]
        mine, sent = int(first.sum()), int((first & ticket).sum())
        n, tickets = len(first), int(ticket.sum())
        return Arms(mine, sent, n - mine, tickets - sent, share)

    def known_on(self, days: int) -> Ints:
        """How many count by the end of each of so many days."""
        found: Ints = np.searchsorted(self.at, (np.arange(days) + 1) * DAY_S, side="right")
        return found


@dataclass(frozen=True, slots=True)
class Triggered:
    """Columns, one row per episode with something to suggest. who: a number per visitor, one for
    all ids that are known to be one person's. start, ripe: when it began, and when it matures.
    """

    who: Ints
    start: Floats
    ripe: Floats
    control: Flags
    ticket: Flags

    def of_period(self, since_s: float, until_s: float) -> Counted:
        """The holdout in a period: of each visitor the first episode that began in it."""
        mine = np.flatnonzero((self.start >= since_s) & (self.start < until_s))
        order = mine[np.lexsort((self.start[mine], self.who[mine]))]
        _, first = np.unique(self.who[order], return_index=True)
        rows = order[first]
        return Counted.of(self.ripe[rows], self.control[rows], self.ticket[rows])


def triggered(needs: Needs, span: Span) -> Triggered:
    """The matured episodes of the span that the holdout could count."""
    ended = episodes(needs, span)
    covered = ended.covered
    start = ended.start[covered]
    return Triggered(
        who=joined(needs, ended.visitor[covered]),
        start=start,
        ripe=start + span.windows.settles_after.total_seconds(),
        control=~ended.shown[covered],
        ticket=ended.ticket[covered],
    )


def joined(needs: Needs, visitor: Ints) -> Ints:
    """One number for all ids of a person from which they wrote to us; other ids as they are."""
    asked = needs.asked
    sent = ~needs.private & ~np.isnan(np.fmax(asked.ticket_at, asked.late_at))
    senders = np.where(np.isnan(asked.late_at), needs.visitor, needs.late_visitor)[sent]
    return np.where(np.isin(visitor, senders), -1 - person_of(visitor), visitor)
