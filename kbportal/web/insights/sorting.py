"""Tables that are sorted and narrowed by their address: links do it, no script is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from flask_babel import LazyString

from kbportal.kernel.text import fold, normalise
from kbportal.web.insights.period import Wanted

MAX_WORDS = 100

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column. of: what it is sorted by. falls: whether the highest usually comes first."""

    id: str
    title: LazyString
    of: Callable[[Row], Any]
    falls: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """How a table is wanted: what it is sorted by, and which rows are in it."""

    sort: str
    rising: bool
    words: str
    topic: str = ""

    def arguments(self) -> dict[str, Any]:
        """What an address must hold to mean the same."""
        order = "asc" if self.rising else "desc"
        wanted = {"q": self.words, "topic": self.topic, "sort": self.sort, "order": order}
        return {name: value for name, value in wanted.items() if value}


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: a link that sorts by it. sorted: as `aria-sort` says it."""

    title: str
    url: str
    sorted: str
    is_figure: bool


def choice(columns: Sequence[Column[Row]], *, usual: str) -> Choice:
    """What the address asks for; what means nothing is the usual."""
    by_id = {column.id: column for column in columns}
    column = by_id.get(request.args.get("sort", usual), by_id[usual])
    order = request.args.get("order", "desc" if column.falls else "asc")
    return Choice(
        sort=column.id,
        rising=order == "asc",
        words=normalise(request.args.get("q", "")[: 8 * MAX_WORDS])[:MAX_WORDS],
        topic=request.args.get("topic", "")[:MAX_WORDS],
    )


def usual(columns: Iterable[Column[Row]], name: str) -> Choice:
    """The whole table sorted by this column."""
    falls = next(column.falls for column in columns if column.id == name)
    return Choice(name, rising=not falls, words="")


def heads(
    columns: Iterable[Column[Row]],
    wanted: Choice,
    *,
    chosen: Wanted,
    figures: frozenset[str],
    endpoint: str = "",
) -> list[Head]:
    """The heads of all columns; pressing the one it is sorted by turns the order round.

    Args:
        figures: Ids of the columns that hold numbers.
        endpoint: The page that shows the sorted table; this one unless given.
    """
    found = []
    for column in columns:
        is_current = column.id == wanted.sort
        rising = not wanted.rising if is_current else not column.falls
        then = Choice(column.id, rising, wanted.words, wanted.topic)
        now = ("ascending" if wanted.rising else "descending") if is_current else ""
        where = endpoint or request.endpoint or ""
        url = url_for(where, **chosen.arguments(), **then.arguments())
        found.append(Head(str(column.title), url, now, column.id in figures))
    return found


def arranged(rows: Iterable[Row], wanted: Choice, *, columns: Iterable[Column[Row]]) -> list[Row]:
    """The rows in the order that is wanted; equal ones stay in the order they came in."""
    of = next(column.of for column in columns if column.id == wanted.sort)
    return sorted(rows, key=of, reverse=not wanted.rising)


def has_words(text: str, wanted: Choice) -> bool:
    """Whether every word that is looked for is in the text, accents and capitals aside."""
    folded = fold(text)
    return all(word in folded for word in fold(wanted.words).split())
