"""What is measured: the units and the outcomes.

The numbers themselves are defined in ``metrics``; what a report of them says is in ``contents``.

The units, all computed from raw events and re-computable for other windows:

* A *visitor* is a random id; ids that belong to one person (same account, or same keyed hash of
  an address on a ticket) are one visitor.
* A *session* ends after 30 minutes without an event.
* An *episode* is a visitor's chain of help events with gaps under 24 hours. A period owns the
  episodes that started in it.
* A *form start* is a ``form_started`` event (focus and three characters), or a ticket sent with
  the form, which nobody sends without starting it. Opening the page is none.
* An *article view* was on screen for 5 seconds, or was scrolled or expanded; it counts once per
  article and session.

``F`` is the number of episodes with a form start. Each has exactly one outcome (``Outcome``).
The windows of an episode run from its last act on the form: that is never kinder to us than
running them from its start. An episode has matured when all its windows have closed; only
matured episodes enter a rate. While a period has none, its rates are of the young ones and
``provisional``. What cannot be said at all is ``not_enough_data`` and has no value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Literal

VIEW_MS, READ_MS = 5_000, 10_000
"""How long something was in view to have been seen, and to have been read."""

Status = Literal["ok", "provisional", "not_enough_data"]


class Outcome(StrEnum):
    """How an episode with a form start ended: exclusive, and exhaustive.

    T: a ticket, by any channel, no later than the horizon after the last act on the form.
    X: pressed "This solved it", and no such ticket.
    I: opened or expanded a suggestion, read it for 10 seconds, did not press, no such ticket.
    U: none of these; never credited.
    """

    SUBMITTED = "T"
    SOLVED = "X"
    INFORMED = "I"
    UNKNOWN = "U"


@dataclass(frozen=True, slots=True)
class Windows:
    """The spans that the definitions leave open; settings, printed beside each number."""

    lookback: timedelta = timedelta(hours=24)
    horizon: timedelta = timedelta(hours=72)
    durability: timedelta = timedelta(days=7)
    session_gap: timedelta = timedelta(minutes=30)
    episode_gap: timedelta = timedelta(hours=24)

    @property
    def settles_after(self) -> timedelta:
        """How long after its last act on the form an episode has matured."""
        return max(self.horizon, self.durability)


@dataclass(frozen=True, slots=True)
class Metric:
    """One number with its doubt: a 95 % interval ``low`` to ``high``, over ``n`` cases."""

    value: float | None
    n: int
    low: float | None
    high: float | None
    status: Status
    note: str = ""


NO_DATA = Metric(None, 0, None, None, "not_enough_data")


@dataclass(frozen=True, slots=True)
class Counts:
    """Outcomes of the episodes with a form start; always F = T + X + I + U.

    X_D and I_D: the parts of X and I without contact for the durability window. P: episodes
    with a press of "This solved it" that was not undone by hand.
    """

    T: int = 0
    X: int = 0
    I: int = 0  # noqa: E741  the letter of the definition
    U: int = 0
    X_D: int = 0
    I_D: int = 0
    P: int = 0

    @property
    def F(self) -> int:  # noqa: N802  the letter of the definition
        return self.T + self.X + self.I + self.U


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What became of the tickets of a period, from the tickets themselves.

    rated, satisfied: tickets with a rating, and those with "yes". answered: those that a person
    of the staff wrote to. finished: those that were ever solved or closed; reopened: of these,
    those that their requester wrote to again afterwards.
    """

    tickets: int = 0
    rated: int = 0
    satisfied: int = 0
    answered: int = 0
    finished: int = 0
    reopened: int = 0


Note = Literal[
    "daily_identity", "widget_identity", "days_missing", "queries_forgotten", "days_behind"
]
"""What a reader of the report must know.

``daily_identity``: windows longer than 48 hours are not measured, because nobody is recognised
after that. ``widget_identity``: that holds for the widget, through which a good part of the
episodes came. ``days_missing``: days are left out, because their events are deleted and they were
counted by other rules, or their facts are damaged. ``queries_forgotten``: of days whose events
are deleted it is known how often was searched, and no more what for. ``days_behind``: the newest
events are being counted.
"""
