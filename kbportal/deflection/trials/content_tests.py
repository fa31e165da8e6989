"""Tests of two versions of an article: who saw which, what became of them, and what that says.

A visitor is in the test from the first event that shows the article to them in one of its
versions, in the version that the lot gave them, whatever they saw later. What counts is whether
they then sent a ticket, by any channel, within the horizon: a version is better if fewer do.

A test is decided once. Its page may be looked at every day, and a verdict of all visitors so far
would be wrong far more often than it says: of simulated tests without any difference one in six
was called until three times as many had come. So the first visitors decide, as many as it takes,
and whoever comes later changes nothing. How many it takes follows from the tickets of both
versions together, which tell nothing about their difference, and is settled as they come.

Source: Gould, Interim analyses for monitoring clinical trials that do not materially affect the
type I error rate, Statistics in Medicine 1992; Friede and Kieser, Sample size recalculation in
internal pilot study designs, Biometrical Journal 2006.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from kbportal.deflection.model import Metric, Windows
from kbportal.deflection.numbers.intervals import share
from kbportal.deflection.reading.identity import merged_by_person
from kbportal.deflection.reading.noise import in_order
from kbportal.deflection.trials.assignment import Assigned, arms
from kbportal.deflection.trials.experiment import EFFECT, Arms, Lift, assess, needed_by
from kbportal.events.catalog import SUSPECTED, Event, EventType, is_undo

A, B = "a", "b"
SHARES: Mapping[str, int] = {A: 50, B: 50}
PREFIX = "t-"
"""How the names of these experiments begin, and no other's."""
MOST_PER_EVENT = 8
"""Tests that one event tells of; its arms must fit into their column."""

SMALLEST, PART_OF_RATE = 0.01, 0.2
"""The effect to find: a fifth of the ticket rate, between one and five tickets per hundred."""


Ripe = Mapping[str, tuple[datetime, str]]
"""Visitor → when they first saw the article, in which version."""


class Verdict(StrEnum):
    """What a test says so far."""

    B_IS_BETTER = "b_is_better"
    A_IS_BETTER = "a_is_better"
    NO_DIFFERENCE = "no_difference"
    RUNNING = "running"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class ArmResult:
    """One version: visitors whose horizon has passed, with a ticket, with a lasting "solved"."""

    n: int
    tickets: Metric
    solved: Metric


@dataclass(frozen=True, slots=True)
class TrialResult:
    """A test as it stands. lift: ticket rate of A less that of B; young: visitors to wait for.

    Once it is decided, all of it is about the visitors who decided it.
    """

    verdict: Verdict
    lift: Lift
    a: ArmResult
    b: ArmResult
    young: int


def experiment_of(article: str, fingerprint_a: str, fingerprint_b: str) -> str:
    """The name of the test of these two texts; with another text it is another test."""
    said = f"{article}\0{fingerprint_a}\0{fingerprint_b}".encode()
    return f"{PREFIX}{hashlib.sha256(said).hexdigest()[:8]}"


def result_of(
    events: Iterable[Event],
    *,
    experiment: str,
    article: str,
    windows: Windows,
    now: datetime,
    staff: frozenset[str] = frozenset(),
) -> TrialResult:
    """What a test says by these events.

    Args:
        events: All that carry its arms, and all tickets and presses of "This solved it" since;
            crawlers, colleagues and suspected spam are left out.
    """
    people = merged_by_person(_counted(events, staff))
    first = _first_seen(people, experiment)
    waited = {who: seen for who, seen in first.items() if seen[0] + windows.horizon <= now}
    sent = _sent(people, waited, windows.horizon)
    enough = deciding(who in sent for who in waited)
    ripe = dict(islice(waited.items(), enough))
    sent &= ripe.keys()
    # What was called solved counts if no ticket came for as long as it must last.
    later = _sent(people, ripe, windows.horizon + windows.durability)
    solved = _solved(people, ripe, article, windows) - later
    by_arm = {arm: {who for who, (_, own) in ripe.items() if own == arm} for arm in (A, B)}
    counts = Arms(
        control_n=len(by_arm[A]),
        control_tickets=len(by_arm[A] & sent),
        shown_n=len(by_arm[B]),
        shown_tickets=len(by_arm[B] & sent),
        expected_control=SHARES[A] / 100,
    )
    verdict, lift = judged(counts)
    return TrialResult(
        verdict=verdict,
        lift=lift,
        a=_arm(by_arm[A], sent, solved),
        b=_arm(by_arm[B], sent, solved),
        young=len(first) - len(waited),
    )


def _counted(events: Iterable[Event], staff: frozenset[str]) -> tuple[Event, ...]:
    ordered = in_order(events)
    of_staff = {e.visitor for e in ordered if e.visitor and e.user in staff}
    return tuple(
        e
        for e in ordered
        if e.ua_class != "bot" and e.reason != SUSPECTED and e.visitor not in of_staff
    )


def _first_seen(events: Sequence[Event], experiment: str) -> dict[str, tuple[datetime, str]]:
    """Visitor → when the article was first shown to them, in which version."""
    found: dict[str, tuple[datetime, str]] = {}
    for event in events:
        # What the holdout kept from a visitor, they have not seen.
        if event.visitor is None or event.type is EventType.SUGGEST_GHOST:
            continue
        own = arms(event.arm).get(experiment, Assigned("", 0)).arm
        if own in SHARES:
            found.setdefault(event.visitor, (event.ts, own))
    return found


def _sent(events: Iterable[Event], ripe: Ripe, longest: timedelta) -> set[str]:
    """Visitors with a ticket so soon after they first saw the article."""
    found: set[str] = set()
    for event in events:
        who = event.visitor or ""
        if event.type is EventType.TICKET_CREATED and who in ripe:
            seen, _ = ripe[who]
            if seen <= event.ts <= seen + longest:
                found.add(who)
    return found


def _solved(events: Iterable[Event], ripe: Ripe, article: str, windows: Windows) -> set[str]:
    """Visitors who said that this article solved it, and did not take it back at once."""
    pressed: set[str] = set()
    for e in events:
        if e.visitor not in ripe or e.article != article or e.visitor is None:
            continue
        if e.type is EventType.FORM_SOLVED and e.ts <= ripe[e.visitor][0] + windows.horizon:
            pressed.add(e.visitor)
        elif is_undo(e):
            pressed.discard(e.visitor)
    return pressed


def deciding(sent: Iterable[bool]) -> int | None:
    """How many visitors decide: the fewest who are as many as it takes; None if more must come.

    Args:
        sent: Of each visitor, in the order in which they first saw the article, whether they
            sent a ticket.
    """
    tickets = 0
    for n, one in enumerate(sent, 1):
        tickets += one
        both = Arms(n, tickets, 0, 0, SHARES[A] / 100)
        if n >= needed_by(both, effect=_effect(both)):
            return n
    return None


def judged(counts: Arms) -> tuple[Verdict, Lift]:
    """What the arms of visitors who can decide say."""
    lift = assess(counts, effect=_effect(counts))
    return _verdict(lift), lift


def planned_effect(rate: float) -> float:
    """The difference that a test is to find where so many of its visitors send a ticket."""
    return min(EFFECT, max(SMALLEST, PART_OF_RATE * rate))


def _effect(counts: Arms) -> float:
    tickets = counts.control_tickets + counts.shown_tickets
    return planned_effect(tickets / counts.n if counts.n else 1.0)


def _arm(visitors: set[str], sent: set[str], solved: set[str]) -> ArmResult:
    n = len(visitors)
    return ArmResult(n, share(len(visitors & sent), n), share(len(visitors & solved), n))


def _verdict(lift: Lift) -> Verdict:
    if lift.status == "broken":
        return Verdict.BROKEN
    if lift.low is None or lift.high is None:
        return Verdict.RUNNING
    if lift.low > 0:
        return Verdict.B_IS_BETTER
    return Verdict.A_IS_BETTER if lift.high < 0 else Verdict.NO_DIFFERENCE
