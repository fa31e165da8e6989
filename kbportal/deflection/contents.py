"""What a report says: its numbers, its parts, and rows for articles and queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from kbportal.deflection.model import NO_DATA, Counts, Metric, Note, Windows
from kbportal.deflection.numbers.comparing import change
from kbportal.deflection.trials.experiment import Lift


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
        """Whether it got worse by more than the doubt in both."""
        changed = change(self.now, self.before) if self.before else None
        if changed is None:
            return False
        return changed.low > 0 if self.better == "lower" else changed.high < 0


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
