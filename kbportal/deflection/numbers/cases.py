"""The cases behind each number: which episodes, tickets, votes or searches it was made of.

A number that cannot show its cases has to be believed. These are exactly the rows that ``n``
counts; of those, the ones that count towards the value are marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

import numpy as np

from kbportal.deflection.facts.day import OUTCOMES, Column, DayFacts, Table, micros, moment
from kbportal.deflection.facts.stack import Narrowed, Stack
from kbportal.deflection.numbers.lift import first_of_each
from kbportal.deflection.numbers.queries import text_of
from kbportal.deflection.numbers.rates import CAUSAL
from kbportal.deflection.period import Period
from kbportal.deflection.trials.assignment import HOLDOUT, arms
from kbportal.events.catalog import Surface

Kind = Literal["episodes", "tickets", "polls", "searches"]
_T, _X, _I, _U = range(4)


@dataclass(frozen=True, slots=True)
class Case:
    """One row. Of searches it is a query on one day, and stands for `n` of them.

    counted: how many of these count towards the value. start: of an episode, to the second, and
    seconds: from there to the ticket. articles: those said to have solved it, or read before the
    ticket. settled: whether nothing can change any more.
    """

    day: date
    lang: str
    surface: str
    category: str
    arm: str
    n: int = 1
    counted: int = 0
    start: datetime | None = None
    outcome: str = ""
    seconds: int | None = None
    settled: bool = True
    articles: tuple[str, ...] = ()
    query: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    """Which rows of a table a metric counts (`among`), and which of these towards its value."""

    kind: Kind
    among: Callable[[Table], Column]
    counts: Callable[[Table], Column]


def _all(table: Table) -> Column:
    return np.ones(len(next(iter(table.values()))), dtype=np.int64)


_EPISODES: Mapping[str, tuple[Callable[[Table], Column], Callable[[Table], Column]]] = {
    "confirmed_deflection_rate": (_all, lambda t: (t["outcome"] == _X) & t["lasting"]),
    "possible_deflection_band": (
        _all,
        lambda t: ((t["outcome"] == _X) | (t["outcome"] == _I)) & t["lasting"],
    ),
    "submission_rate": (_all, lambda t: t["outcome"] == _T),
    "take_back_rate": (
        lambda t: t["pressed"],
        lambda t: ~((t["outcome"] == _X) & t["lasting"]),
    ),
    "abandonment_rate": (_all, lambda t: t["outcome"] == _U),
    "suggestion_coverage": (_all, lambda t: t["shown"]),
    "suggestion_open_rate": (lambda t: t["shown"], lambda t: t["opened"]),
    "savings": (_all, lambda t: (t["outcome"] == _X) & t["lasting"]),
    "causal_tickets_avoided": (_all, lambda t: t["outcome"] == _T),
}
_RULES: Mapping[str, _Rule] = {
    **{name: _Rule("episodes", *rule) for name, rule in _EPISODES.items()},
    "failed_deflection_rate": _Rule("tickets", lambda t: t["known"], lambda t: t["read"]),
    "post_submit_resolution": _Rule("tickets", _all, lambda t: t["withdrawn"]),
    "deflection_ratio": _Rule("tickets", _all, _all),
    "self_service_success": _Rule("polls", _all, lambda t: t["yes"]),
    "zero_result_rate": _Rule("searches", lambda t: t["n"], lambda t: t["zero"]),
    "no_open_rate": _Rule("searches", lambda t: t["answered"], lambda t: t["no_open"]),
    "reformulation_rate": _Rule("searches", lambda t: t["followed"], lambda t: t["reformulated"]),
    "search_ticket_rate": _Rule("searches", lambda t: t["followed"], lambda t: t["led"]),
}
WITH_CASES = frozenset(_RULES)
"""The metrics whose cases can be shown; of the others, facts hold sums per visitor alone."""


class Cases:
    """The cases of one metric, newest first; made one page at a time."""

    def __init__(self, stack: Stack, kind: Kind, *, n: Column, counted: Column, now: datetime):
        self.kind: Kind = kind
        self._stack, self._now = stack, now
        self._n, self._counted = n, counted
        self._at = self._newest_first(np.flatnonzero(n))

    def __len__(self) -> int:
        return len(self._at)

    @property
    def n(self) -> int:
        """What the number calls its n."""
        return int(self._n.sum())

    @property
    def counted(self) -> int:
        """How many count towards the value."""
        return int(self._counted[self._at].sum())

    def only_counted(self) -> Cases:
        """Those alone that count towards the value."""
        return Cases(self._stack, self.kind, n=self._counted, counted=self._counted, now=self._now)

    def slice(self, first: int, last: int) -> list[Case]:
        """The rows first <= row < last."""
        at = self._at[first:last]
        named = self._articles(at)
        return [self._case(int(row), named.get(int(row), ())) for row in at]

    def everything(self, *, step: int = 2_000) -> Iterator[Case]:
        """All rows, without holding them all at once."""
        for first in range(0, len(self), step):
            yield from self.slice(first, first + step)

    def _newest_first(self, at: Column) -> Column:
        table = self._stack.table(self.kind)
        time = table["start"][at] if self.kind == "episodes" else table["day"][at]
        order = np.lexsort((at, -self._counted[at], -time.astype(np.int64)))
        return at[order]

    def _articles(self, at: Column) -> dict[int, tuple[str, ...]]:
        """What articles stand beside these rows."""
        pairs = {"episodes": ("presses", "episode"), "tickets": ("ticket_reads", "ticket")}
        if self.kind not in pairs:
            return {}
        name, column = pairs[self.kind]
        table, found = self._stack.table(name), dict[int, list[str]]()
        for row in np.flatnonzero(np.isin(table[column], at)):
            article = self._stack.articles[int(table["article"][row])]
            found.setdefault(int(table[column][row]), []).append(article)
        return {row: tuple(articles) for row, articles in found.items()}

    def _case(self, row: int, articles: tuple[str, ...]) -> Case:
        table = self._stack.table(self.kind)
        facet = self._stack.facets[int(table["facet"][row])]
        day = self._stack.days[int(table["day"][row])].day
        plain = Case(
            day, facet.lang, facet.surface, facet.category, facet.arm,
            n=int(self._n[row]), counted=int(self._counted[row]), articles=articles,
        )  # fmt: skip
        if self.kind == "episodes":
            return self._episode(plain, table, row)
        if self.kind == "searches":
            return replace(plain, query=text_of(self._stack, table, row))
        return plain

    def _episode(self, plain: Case, table: Table, row: int) -> Case:
        seconds = int(table["submitted_s"][row])
        return replace(
            plain,
            start=moment(int(table["start"][row])).replace(microsecond=0),
            outcome=OUTCOMES[int(table["outcome"][row])],
            seconds=seconds if seconds >= 0 else None,
            settled=int(table["settled"][row]) <= micros(self._now),
        )


def cases(
    metric: str,
    facts: Iterable[DayFacts],
    *,
    period: Period,
    now: datetime,
    narrowed: Narrowed,
    note: str = "",
) -> Cases:
    """What a number of a report was made of.

    Args:
        metric: One of ``WITH_CASES``.
        note: That of the number: savings by the experiment have other cases.
    """
    days = set(period.days)
    stack = Stack([one for one in sorted(facts, key=lambda f: f.day) if one.day in days], narrowed)
    causal = metric == "causal_tickets_avoided" or (metric == "savings" and note == CAUSAL)
    rule = _RULES["causal_tickets_avoided" if causal else metric]
    table = stack.table(rule.kind)
    mine = _asked_for(stack, rule.kind, table)
    if rule.kind == "episodes":
        mine = _settled(table, mine, now)
    if causal:
        mine = _by_lot(stack, table, mine)
    n = rule.among(table).astype(np.int64) * mine
    counted = rule.counts(table).astype(np.int64) * (n > 0)
    return Cases(stack, rule.kind, n=n, counted=counted, now=now)


def _asked_for(stack: Stack, kind: Kind, table: Table) -> Column:
    kept = stack.kept
    if kind == "searches":
        kept = kept & stack.facets_where(lambda facet: facet.surface != Surface.FORM)
    return kept[table["facet"]] if len(kept) else np.zeros(0, dtype=bool)


def _settled(table: Table, mine: Column, now: datetime) -> Column:
    """The episodes that enter rates; while none has settled, all."""
    settled = mine & (table["settled"] <= micros(now))
    return settled if settled.any() else mine


def _by_lot(stack: Stack, table: Table, mine: Column) -> Column:
    """Of each visitor of the experiment the first episode in which the lot decided something."""
    rows = np.flatnonzero(mine)
    part = {name: values[rows] for name, values in table.items()} | {"row": rows}
    chosen = np.zeros(len(mine), dtype=bool)
    chosen[first_of_each(stack, part)["row"]] = True
    drawn = stack.facets_where(lambda facet: HOLDOUT in arms(facet.arm))
    return np.asarray(chosen & drawn[table["facet"]] if len(drawn) else chosen)
