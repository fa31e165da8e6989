"""What a ledger gives: the facts of a period, and the days that are out of date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kbportal.deflection.facts.day import DayFacts
from kbportal.deflection.model import Note

RESTS, RESTS_SHORTLY = 100, 10
"""A day that takes a second is counted again after so many: in the background, for a page."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A day to be counted, how long that will take, and when it was counted last."""

    day: date
    takes: timedelta
    made_at: datetime | None

    def has_rested(self, now: datetime, times: int = RESTS_SHORTLY) -> bool:
        """Whether it was counted so long ago that it may take its time again."""
        return self.made_at is None or now - self.made_at >= self.takes * times


@dataclass(frozen=True, slots=True)
class Books:
    """Facts of a period, and what their reader must know.

    made_at: when the oldest of those that may still change was counted; None if none may.
    is_final: whether nothing but an event that arrives late can change a report of them.
    fingerprint: the same for the same facts.
    """

    facts: tuple[DayFacts, ...]
    notes: tuple[Note, ...]
    made_at: datetime | None
    is_final: bool
    fingerprint: str


def affordable(found: Iterable[Stale], budget: timedelta) -> list[Stale]:
    """The first days that fit."""
    chosen: list[Stale] = []
    for one in found:
        budget -= one.takes
        if budget < timedelta():
            break
        chosen.append(one)
    return chosen
