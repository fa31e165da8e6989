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
from math import hypot
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kbportal.deflection.trials.experiment import Lift

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
class Rates:
    """An article's rates, drawn towards those of all articles as far as its own cases are few.

    solved: presses that lasted, of the readings that were opened from the form. tickets: tickets
    after reading it, of all its readings. helpful: "yes", of its votes. The ``n`` of each are the
    article's own cases; its ``value`` and interval are the shrunk ones.
    """

    solved: Metric = NO_DATA
    tickets: Metric = NO_DATA
    helpful: Metric = NO_DATA


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """What one article did in the period. opened_from_form: expanded or opened suggestions.

    found_for: the queries after which it was opened most, at most three, in their language.
    rank: its place by ``rates.solved``, from 1; None for fewer than ``LEAST_FOR_A_RANK`` cases.
    """

    article: str
    views: int = 0
    opened_from_form: int = 0
    solved: int = 0
    taken_back: int = 0
    tickets_after_reading: int = 0
    votes_yes: int = 0
    votes_no: int = 0
    found_for: tuple[str, ...] = ()
    rates: Rates = Rates()
    rank: int | None = None


LEAST_FOR_A_RANK = 20


@dataclass(frozen=True, slots=True)
class QueryRow:
    """One query, folded, in one language. tickets: searches followed by a ticket within L.

    reformulated: searches that were put differently, with nothing opened in between.
    """

    query: str
    lang: str
    searches: int
    zero_results: int
    no_open: int
    tickets: int
    reformulated: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """Outcomes of the episodes that started on one day (UTC); matured: all of them have."""

    day: date
    counts: Counts
    matured: bool


@dataclass(frozen=True, slots=True)
class Funnel:
    """Episodes from the form start on, each step a part of the one before but the last.

    solved: those that end in X; submitted: those that end in T. shown: at least one suggestion
    beside the form; opened: one of them was opened or expanded.
    """

    started: int = 0
    shown: int = 0
    opened: int = 0
    solved: int = 0
    submitted: int = 0


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The episodes of one language, category, surface or arm; the counts are the matured ones.

    key: what they have in common, empty where it is not known; an arm is ``experiment:arm``.
    """

    key: str
    counts: Counts
    confirmed: Metric
    submission: Metric


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A number that must not get worse while the headline gets better.

    before: that of the earlier period; None while there is nothing to compare with.
    better: the direction that is good. unit: a share from 0 to 1, or seconds.
    """

    id: str
    now: Metric
    before: Metric | None = None
    better: Literal["higher", "lower"] = "lower"
    unit: Literal["share", "seconds"] = "share"

    @property
    def worse(self) -> bool:
        """Whether it got worse by more than the doubt in both: ``comparing.change`` is the same."""
        now, before = _point(self.now), _point(self.before)
        if now is None or before is None:
            return False
        (low, value, high), (low_before, value_before, high_before) = now, before
        if self.better == "lower":
            return value - value_before > hypot(value - low, high_before - value_before)
        return value_before - value > hypot(high - value, value_before - low_before)


def _point(metric: Metric | None) -> tuple[float, float, float] | None:
    if metric is None or metric.value is None or metric.low is None or metric.high is None:
        return None
    return metric.low, metric.value, metric.high


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


Note = Literal["daily_identity", "days_missing", "days_behind"]
"""What a reader of the report must know.

``daily_identity``: windows longer than 48 hours are not measured, because nobody is recognised
after that. ``days_missing``: days are left out, because their events are deleted and they were
counted by other rules, or their facts are damaged. ``days_behind``: the newest events are being
counted.
"""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the managers' page says about one period: since <= start < until.

    outcomes: all episodes of the period as they stand; matured: those that enter the rates.
    filtered: events that were left out, by rule of the noise filter.
    holdout: the experiment; None while nobody's suggestions were withheld or would have been.
    breakdowns: by ``lang``, ``category``, ``surface`` and ``arm``, the largest first.
    category, surface, arm: what the report is narrowed to, as ``lang``.
    made_at: when the oldest of the facts that may still change was counted.
    queries_total: how many different queries there are; ``queries`` has the most frequent.
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
    holdout: Lift | None = None
    guardrails: tuple[Guardrail, ...] = ()
    funnel: Funnel = Funnel()
    breakdowns: Mapping[str, tuple[Breakdown, ...]] = field(default_factory=dict)
    category: str | None = None
    surface: str | None = None
    arm: str | None = None
    notes: tuple[Note, ...] = ()
    made_at: datetime | None = None
    queries_total: int = 0
