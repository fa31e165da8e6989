"""What is measured: the units, the outcomes and the shape of a report.

The numbers themselves are defined in ``metrics``.

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

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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
class ArticleRow:
    """What one article did in the period. opened_from_form: expanded or opened suggestions."""

    article: str
    views: int = 0
    opened_from_form: int = 0
    solved: int = 0
    taken_back: int = 0
    tickets_after_reading: int = 0
    votes_yes: int = 0
    votes_no: int = 0


@dataclass(frozen=True, slots=True)
class QueryRow:
    """One query, folded, in one language. tickets: searches followed by a ticket within L."""

    query: str
    lang: str
    searches: int
    zero_results: int
    no_open: int
    tickets: int


@dataclass(frozen=True, slots=True)
class Day:
    """Outcomes of the episodes that started on one day (UTC); matured: all of them have."""

    day: date
    counts: Counts
    matured: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the managers' page says about one period: since <= start < until.

    outcomes: all episodes of the period as they stand; matured: those that enter the rates.
    filtered: events that were left out, by rule of the noise filter.
    """

    since: datetime
    until: datetime
    now: datetime
    lang: str | None
    windows: Windows
    rules_version: int
    outcomes: Counts
    matured: Counts
    metrics: Mapping[str, Metric]
    filtered: Mapping[str, int]
    articles: tuple[ArticleRow, ...] = ()
    queries: tuple[QueryRow, ...] = ()
    days: tuple[Day, ...] = field(default=())
