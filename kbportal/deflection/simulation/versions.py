"""An article that is tried in two versions: who sees which, and whom version B keeps from writing.

Laid over people as ``people`` draws them: they have several needs, more than one browser, ids
that run out, and some are not followed. What is in the events of a portal is written down, and
what a test counts is told from the columns as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from kbportal.deflection.model import Windows
from kbportal.deflection.simulation.arms import Counted, joined
from kbportal.deflection.simulation.asking import TO_SUGGESTION_S
from kbportal.deflection.simulation.definitions import Times
from kbportal.deflection.simulation.people import Needs, draw, lot
from kbportal.deflection.simulation.site import Site
from kbportal.deflection.simulation.traffic import NAME, hashed
from kbportal.deflection.trials.content_tests import SHARES, A, B
from kbportal.events.catalog import Event, EventType, Surface

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TEST = "t-00000001"
ARTICLE = "en/help/tried"
_LOT_OF_VERSIONS, _LOT_OF_LUCK, _LOT_OF_TOPICS = 7, 11, 13
"""What is added to the seed, so that one lot tells nothing about another."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A tried article. about: the part of needs that it is about. keeps: of those who would
    write after version A, the part whom version B keeps from it.
    """

    about: float = 0.7
    keeps: float = 0.0


@dataclass(frozen=True, slots=True)
class Readers:
    """People, and of each need when the article was seen by somebody with an id; nan for never.

    is_b: whether the lot gives version B to the visitor of that need.
    """

    needs: Needs
    seen_at: Floats
    is_b: Flags


def readers(site: Site, tried: Tried, seed: int, *, people: int, b: float | None = None) -> Readers:
    """So many people of a site on which an article is tried from day 0 on.

    Args:
        b: The part of visitors who see version B instead of one half.
    """
    needs = draw(site, seed, people=people)
    is_b = lot(needs.visitor, seed + _LOT_OF_VERSIONS) < (SHARES[B] / 100 if b is None else b)
    numbers = np.arange(len(needs))
    about = lot(numbers, seed + _LOT_OF_TOPICS) < tried.about
    seen_at = np.where(about, _seen(needs), np.nan)
    luck = lot(numbers, seed + _LOT_OF_LUCK) < tried.keeps
    kept = is_b & luck & ~np.isnan(seen_at)
    return Readers(_without_tickets(needs, kept), seen_at, is_b)


def outcome_of(read: Readers, windows: Windows) -> Counted:
    """What the test counts: visitors by when their horizon is over, first those of version A."""
    # Tickets are known of those ids alone from which one was ever sent.
    who = joined(read.needs, read.needs.visitor)
    return _counted(read, who, who < 0, windows)


def true_rates(site: Site, tried: Tried, seed: int, *, people: int) -> tuple[float, float]:
    """Ticket rates of the people who see the article, if all saw A, and if the same all saw B."""
    rates = []
    for share in (0.0, 1.0):
        read = readers(site, tried, seed, people=people, b=share)
        everybody = np.ones(len(read.needs), dtype=bool)
        found = _counted(read, read.needs.person, everybody, Windows())
        rates.append(float(np.mean(found.ticket)))
    return rates[0], rates[1]


def events_of(read: Readers, *, seed: int, beginning: datetime) -> Iterator[Event]:
    """The events that a test is counted from, need by need."""
    needs = read.needs
    sent_at = np.fmax(needs.asked.ticket_at, needs.asked.late_at)
    for row in np.flatnonzero(~np.isnan(read.seen_at) | ~np.isnan(sent_at)).tolist():
        version = B if read.is_b[row] else A
        arm = f"{TEST}:{version}@{SHARES[version]}"
        if (at := float(read.seen_at[row])) == at:
            visitor = hashed(seed, "visitor", int(needs.visitor[row]))
            yield _event(EventType.ARTICLE_VIEWED, row, at, beginning, visitor, arm=arm)
        if (at := float(sent_at[row])) == at:
            late = not np.isnan(needs.asked.late_at[row])
            number = needs.late_visitor[row] if late else needs.visitor[row]
            known = not needs.private[row]
            sender = hashed(seed, "visitor", int(number)) if known else None
            user = hashed(seed, "person", int(needs.person[row])) if known else None
            yield _event(EventType.TICKET_CREATED, row, at, beginning, sender, user=user)


def _counted(read: Readers, who: Ints, known: Flags, windows: Windows) -> Counted:
    horizon = windows.horizon.total_seconds()
    saw = np.flatnonzero(~np.isnan(read.seen_at))
    order = saw[np.lexsort((read.seen_at[saw], who[saw]))]
    _, first = np.unique(who[order], return_index=True)
    rows = order[first]
    since = read.seen_at[rows]
    sent = Times(read.needs).any_in(read.needs.person[rows], since, since + horizon)
    return Counted.of(since + horizon, ~read.is_b[rows], sent & known[rows])


def _seen(needs: Needs) -> Floats:
    """When each need's article was first shown to somebody with an id.

    Opening a page sets no cookie: who comes to an article from outside, for their first need,
    sees version A and is in no test before the form shows it to them again.
    """
    looked, asked = needs.looked, needs.asked
    _, which = np.unique(needs.visitor, return_inverse=True)
    since = np.full(len(needs), np.inf)
    np.minimum.at(since, which, needs.start)
    is_new = needs.start <= since[which]
    opened = np.where(looked.landed & is_new, np.nan, looked.opened_at)
    shown = asked.form & asked.covered & ~needs.control
    suggested = np.where(shown, asked.asked_at + TO_SUGGESTION_S, np.nan)
    first = np.fmin(opened, suggested)
    return np.where(needs.private | (first < 0), np.nan, first)


def _without_tickets(needs: Needs, kept: Flags) -> Needs:
    """The same people, but these needs lead to no ticket after all."""
    asked = needs.asked
    sent = {
        "ticket_at": np.where(kept, np.nan, asked.ticket_at),
        "late_at": np.where(kept, np.nan, asked.late_at),
    }
    return replace(needs, asked=replace(asked, **sent))


def _event(
    kind: EventType,
    row: int,
    at: float,
    beginning: datetime,
    visitor: str | None,
    *,
    user: str | None = None,
    arm: str | None = None,
) -> Event:
    is_view = kind is EventType.ARTICLE_VIEWED
    return Event(
        event_id=f"{NAME}-{row:x}-{'v' if is_view else 't'}",
        ts=beginning + timedelta(seconds=at),
        type=kind,
        surface=Surface.ARTICLE if is_view else Surface.FORM,
        visitor=visitor,
        user=user,
        locale="en",
        arm=arm,
        article=ARTICLE if is_view else None,
        dwell_ms=10_000 if is_view else None,
        ticket=None if is_view else f"{row:032x}",
        channel=None if is_view else "form",
    )
