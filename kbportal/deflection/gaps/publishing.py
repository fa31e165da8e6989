"""From a draft to what its article did: when customers could read it, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from kbportal.deflection.gaps.model import MONTH, PERIOD, Gap, State
from kbportal.deflection.gaps.ports import Library
from kbportal.deflection.gaps.trends import effect

LONGEST_WAIT = timedelta(days=120)
"""How long after publishing the effect is still worked out, if nobody counted before."""


def reading_since(kept: Iterable[Gap], *, now: datetime) -> datetime:
    """From when on needs are read: those of the period, and those before an article was new."""
    waiting = [
        one.published - MONTH
        for one in kept
        if one.published and not one.effect and now - one.published <= LONGEST_WAIT
    ]
    return min([now - PERIOD, *waiting])


def published(gap: Gap, library: Library, now: datetime) -> Gap:
    """A draft whose article customers can read by now is written, from this count on."""
    if gap.published or not gap.article or not library.is_public(gap.article):
        return gap
    return replace(gap, state=State.WRITTEN, published=now)


def with_effect(
    gap: Gap, tickets: Mapping[str, Sequence[datetime]], untouched: Sequence[str], now: datetime
) -> Gap:
    """Once four weeks have passed, what became of the tickets; worked out once and then kept."""
    at = gap.published
    if at is None or gap.effect or not at + MONTH <= now <= at + LONGEST_WAIT:
        return gap

    def around(times: Sequence[datetime]) -> tuple[int, int]:
        before = sum(at - MONTH <= one < at for one in times)
        return before, sum(at <= one < at + MONTH for one in times)

    others = [around(tickets.get(one, ())) for one in untouched]
    return replace(gap, effect=effect(*around(tickets.get(gap.id, ())), others))
