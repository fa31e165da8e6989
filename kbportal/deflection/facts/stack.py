"""The facts of many days, one upon the other, narrowed to what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

import numpy as np

from kbportal.deflection.facts.day import TABLES, Column, DayFacts, Facet, Table
from kbportal.deflection.trials.assignment import arms

T = TypeVar("T")

_POINTS_AT = {"episode": "episodes", "ticket": "tickets"}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """To which language, category, surface and arm (``experiment:arm``); None for all."""

    lang: str | None = None
    category: str | None = None
    surface: str | None = None
    arm: str | None = None

    def includes(self, facet: Facet) -> bool:
        """Whether what happened there is asked for."""
        return (
            self.lang in (None, facet.lang)
            and self.category in (None, facet.category)
            and self.surface in (None, facet.surface)
            and (self.arm is None or self.arm in arm_names(facet.arm))
        )


def arm_names(text: str) -> list[str]:
    """The arms that events carry, each as ``experiment:arm``."""
    return [f"{experiment}:{one.arm}" for experiment, one in arms(text).items()]


class Stack:
    """Tables over all days. A column ``day`` says from which; texts have one number each.

    facets, articles: what the numbers in those columns mean. kept: per facet, whether it is
    asked for. Rows that point at rows of another table do so across all days.
    """

    def __init__(self, facts: Sequence[DayFacts], narrowed: Narrowed) -> None:
        self.days = facts
        self.facets: tuple[Facet, ...]
        self.articles: tuple[str, ...]
        self.facets, self._facet_maps = _unified([one.facets for one in facts])
        self.articles, self._article_maps = _unified([one.articles for one in facts])
        self.kept = np.array([narrowed.includes(one) for one in self.facets], dtype=bool)
        self._tables: dict[str, Table] = {}

    def table(self, name: str) -> Table:
        """All rows of a table, those too that are not asked for."""
        if name not in self._tables:
            made = {column: self._column(name, column) for column in TABLES[name]}
            sizes = [self._size(one, name) for one in self.days]
            made["day"] = np.repeat(np.arange(len(sizes)), sizes)
            self._tables[name] = made
        return self._tables[name]

    def rows(self, name: str) -> Table:
        """The rows of a table with a column ``facet`` that are asked for."""
        table = self.table(name)
        if self.kept.all():
            return table
        kept = self.kept[table["facet"]]
        return {column: values[kept] for column, values in table.items()}

    def facets_where(self, holds: Callable[[Facet], bool]) -> Column:
        """Per facet, whether it is so."""
        return np.array([holds(one) for one in self.facets], dtype=bool)

    def persons(self, visitors: Column) -> Column:
        """The visitors, with one number for all that are known to be one person."""
        links = self.table("links")
        stands = _smallest(links["visitor"].tolist(), links["same"].tolist())
        if not stands:
            return visitors
        nodes = np.array(sorted(stands), dtype=np.uint64)
        named = np.array([stands[node] for node in sorted(stands)], dtype=np.uint64)
        at = np.minimum(np.searchsorted(nodes, visitors), len(nodes) - 1)
        return np.where(nodes[at] == visitors, named[at], visitors)

    def _column(self, name: str, column: str) -> Column:
        parts = [one.tables[name][column] for one in self.days]
        if column == "facet":
            parts = [new[old] for new, old in zip(self._facet_maps, parts, strict=True)]
        elif column == "article":
            parts = [new[old] for new, old in zip(self._article_maps, parts, strict=True)]
        elif column in _POINTS_AT:
            sizes = [self._size(one, _POINTS_AT[column]) for one in self.days]
            starts = accumulate(sizes, initial=0)
            parts = [
                old.astype(np.int64) + first for old, first in zip(parts, starts, strict=False)
            ]
        return np.concatenate(parts) if parts else np.empty(0, dtype=TABLES[name][column])

    def _size(self, one: DayFacts, name: str) -> int:
        return len(one.tables[name][next(iter(TABLES[name]))])


def _unified(lists: Sequence[Sequence[T]]) -> tuple[tuple[T, ...], list[Column]]:
    """All values, each once, and for each list where its values are among them."""
    at: dict[T, int] = {}
    maps = [
        np.array([at.setdefault(value, len(at)) for value in values], dtype=np.int64)
        for values in lists
    ]
    return tuple(at), maps


def _smallest(ones: Iterable[int], others: Iterable[int]) -> dict[int, int]:
    """For everything that is linked the smallest of all that it is linked with."""
    above: dict[int, int] = {}

    def top(node: int) -> int:
        while (higher := above.setdefault(node, node)) != node:
            above[node] = node = above[higher]
        return node

    for one, other in zip(ones, others, strict=True):
        low, high = sorted((top(one), top(other)))
        above[high] = low
    return {node: top(node) for node in above}
