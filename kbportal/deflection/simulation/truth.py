"""What the metrics of a simulated site truly are, told from what its people did.

No event is written and nothing of the report's code is used: the definitions are applied to the
columns of so many people that chance hardly matters. Who a person is, is known here, however
many ids their browsers had. The lift compares the same people twice, all of them in control and
all of them shown suggestions, so that it holds no luck of the draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kbportal.deflection.simulation.asking import took_ms
from kbportal.deflection.simulation.definitions import Episodes, Span, Times, episodes
from kbportal.deflection.simulation.people import Needs, draw
from kbportal.deflection.simulation.site import Site

Flags = npt.NDArray[np.bool_]

MANY = 300_000
"""People: a rate of their needs is within about a thousandth of the truth."""


@dataclass(frozen=True, slots=True)
class Truth:
    """rates: by the metric's id; the band by its two ends. lift: of the rate of tickets, by
    showing. control, shown: those rates. forms: form starts, and triggered: visitors of the
    experiment, both per person drawn.
    """

    rates: Mapping[str, float]
    band: tuple[float, float]
    lift: float
    control: float
    shown: float
    forms: float
    triggered: float


def truth(
    site: Site,
    seed: int,
    span: Span,
    *,
    people: int = MANY,
    twice: int | None = None,
    weekday: int = 0,
) -> Truth:
    """The true metrics of a site.

    Args:
        twice: How many people are compared with themselves for the lift, instead of all of them:
            as it holds no luck of the draw, a fifth tells it as well as all tell the rates.
    """
    found = draw(site, seed, people=people, weekday=weekday)
    shown, control = _both_arms(site, seed, span, people=twice or people, weekday=weekday)
    ended = episodes(found, span)
    return Truth(
        rates=_of_episodes(ended) | _of_searches(found, span) | _of_tickets(found, span),
        band=(_mean(_confirmed(ended)), _mean(_confirmed(ended) | _informed(ended))),
        lift=control - shown,
        control=control,
        shown=shown,
        forms=len(ended.start) / people,
        triggered=len(_tickets_of_triggered(found, span)) / people,
    )


def true_lift(site: Site, seed: int, span: Span, *, people: int = MANY) -> float:
    """The lift alone."""
    shown, control = _both_arms(site, seed, span, people=people, weekday=0)
    return control - shown


def _both_arms(
    site: Site, seed: int, span: Span, *, people: int, weekday: int
) -> tuple[float, float]:
    """The rates of tickets of the same people, all shown suggestions, and all in control."""
    all_shown, all_control = (
        _tickets_of_triggered(draw(site, seed, people=people, weekday=weekday, control=share), span)
        for share in (0.0, 1.0)
    )
    return _mean(all_shown), _mean(all_control)


def as_metrics(
    told: Truth, *, people: float, site: Site, cost: float
) -> dict[str, float | dict[str, float]]:
    """The truth under the ids of the report's metrics, for a site of so many people drawn.

    Counts and money are what is to be expected; savings rest on what the experiment tells, or
    without one on what was confirmed.
    """
    avoided = told.lift * told.triggered * people * (1 - site.control)
    confirmed = told.rates["confirmed_deflection_rate"] * told.forms * people
    return {
        **told.rates,
        "possible_deflection_band": {"low": told.band[0], "high": told.band[1]},
        "suggestion_latency_p95": took_ms(0.95),
        "causal_tickets_avoided": avoided,
        "savings": cost * (avoided if site.control else confirmed),
        "submission_rate_control": told.control,
        "submission_rate_shown": told.shown,
        "lift": told.lift,
    }


def _confirmed(ended: Episodes) -> Flags:
    return ended.pressed & ~ended.ticket & ended.lasting


def _informed(ended: Episodes) -> Flags:
    return ended.read & ~ended.pressed & ~ended.ticket & ended.lasting


def _of_episodes(ended: Episodes) -> dict[str, float]:
    unread = ~ended.ticket & ~ended.pressed & ~ended.read
    return {
        "confirmed_deflection_rate": _mean(_confirmed(ended)),
        "submission_rate": _mean(ended.ticket),
        "take_back_rate": 1 - _mean(_confirmed(ended)[ended.pressed]),
        "abandonment_rate": _mean(unread),
        "suggestion_coverage": _mean(ended.shown),
        "suggestion_open_rate": _mean(ended.opened[ended.shown]),
    }


def _of_searches(needs: Needs, span: Span) -> dict[str, float]:
    looked = needs.looked
    asked = looked.searched & span.owns(looked.searched_at)
    followed = asked & ~needs.private[:, None]
    answered = followed & ~looked.nothing
    again = np.zeros_like(asked)
    again[:, :-1] = looked.searched[:, 1:] & ~looked.opened[:, :-1]
    rows, turns = np.nonzero(followed)
    at = looked.searched_at[rows, turns]
    lookback = span.windows.lookback.total_seconds()
    led = Times(needs).any_in(needs.person[rows], at, at + lookback)
    return {
        "zero_result_rate": _mean(looked.nothing[asked]),
        "no_open_rate": _mean(~looked.opened[answered]),
        "reformulation_rate": _mean(again[followed]),
        "search_ticket_rate": _mean(led),
    }


def _of_tickets(needs: Needs, span: Span) -> dict[str, float]:
    asked, looked, known = needs.asked, needs.looked, ~needs.private
    at = np.fmax(asked.ticket_at, asked.late_at)
    sent = span.owns(at)
    since = at - span.windows.lookback.total_seconds()
    reads = ((looked.read_at, looked.read_at), (asked.expanded_at, asked.expanded_at))
    had_read = np.logical_or.reduce([(a >= since) & (b <= at) for a, b in reads])
    acts = sum(span.owns(moments).sum() for moments in (looked.read_at, asked.expanded_at)) + int(
        (looked.searched & span.owns(looked.searched_at)).sum()
    )
    voted = known & (looked.vote != 0) & span.owns(needs.start)
    return {
        "failed_deflection_rate": _mean(had_read[sent & known]),
        "post_submit_resolution": _mean(asked.withdrawn[sent] == 1),
        "self_service_success": _mean(looked.vote[voted] > 0),
        "deflection_ratio": float(acts / max(int(sent.sum()), 1)),
        "self_service_score": _unique_score(needs, span),
    }


def _unique_score(needs: Needs, span: Span) -> float:
    """Ids that did something for themselves, per id that wrote; all that wrote are one person."""
    asked, looked, known = needs.asked, needs.looked, ~needs.private
    did = span.owns(looked.read_at) | span.owns(asked.expanded_at)
    did = known & (did | (looked.searched & span.owns(looked.searched_at)).any(axis=1))
    at = np.fmax(asked.ticket_at, asked.late_at)
    wrote = known & ~np.isnan(at)
    sender = np.where(np.isnan(asked.late_at), needs.visitor, needs.late_visitor)
    linked = np.isin(needs.visitor, sender[wrote])
    who = np.where(linked, -1 - needs.person, needs.visitor)
    submitters = len(np.unique(needs.person[wrote & span.owns(at)]))
    return len(np.unique(who[did])) / max(submitters, 1)


def _tickets_of_triggered(needs: Needs, span: Span) -> Flags:
    """Whether the first episode with something to suggest of each visitor led to a ticket."""
    ended = episodes(needs, span)
    order = np.lexsort((ended.start[ended.covered], ended.visitor[ended.covered]))
    visitor = ended.visitor[ended.covered][order]
    first = np.ones(len(visitor), dtype=bool)
    first[1:] = visitor[1:] != visitor[:-1]
    tickets: Flags = ended.ticket[ended.covered][order][first]
    return tickets


def _mean(flags: Flags) -> float:
    return float(np.mean(flags)) if len(flags) else float("nan")
