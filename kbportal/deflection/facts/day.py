"""What one day came to: every episode, search, read, ticket and vote, in compact columns.

A report is a sum over such days, so a page need not read the events again. ``roll_up`` makes
them. They hold no visitor id, only a hash of it, and no text but article ids and the scrubbed
queries; ``forgetting`` takes hashes and queries out when the events are gone. As bytes they are
the same for the same events, whatever order those arrived in.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FACTS_VERSION = 3
"""Raised whenever the columns or what they mean change; older facts are counted again."""
READABLE = (2, 3)
"""Versions that say the same as far as they go: what they lack is empty. So days whose events are
deleted, and which cannot be counted again, are not lost for a column that was added later."""

Column = NDArray[Any]
Table = Mapping[str, Column]

OUTCOMES = "TXIU"
TABLES: Mapping[str, Mapping[str, str]] = {
    # One row per episode with a form start. start, settled: microseconds since 1970; submitted_s:
    # seconds from the form start to the first ticket, -1 without one. outcome: index in OUTCOMES.
    "episodes": {
        "visitor": "u8", "facet": "u4", "start": "i8", "settled": "i8", "outcome": "u1",
        "lasting": "?", "pressed": "?", "opened": "?", "shown": "?", "ghost": "?",
        "submitted_s": "i4",
    },
    # One row per article that was said to have solved it; episode: row of that table.
    "presses": {"episode": "u4", "article": "u4"},
    # One row per episode with a vote.
    "polls": {"facet": "u4", "yes": "?"},
    # Reads, each article once per session; how often in each facet, opened from the form or not.
    "reads": {"facet": "u4", "article": "u4", "opened": "?", "n": "u4"},
    # What each visitor did and sent; visitor 0: somebody without an id, each a cluster by itself.
    "acts": {"visitor": "u8", "facet": "u4", "acts": "u4", "sent": "u4"},
    # Searches of one query: how many, without result, and, of visitors with an id: all, with a
    # result, of these with nothing opened, put differently, followed by a ticket.
    "searches": {
        "facet": "u4", "query": "u4", "n": "u4", "zero": "u4", "followed": "u4",
        "answered": "u4", "no_open": "u4", "reformulated": "u4", "led": "u4",
    },
    # How searches hang together: per facet the visitors of the day who searched, and over them the
    # sums of squares and products of searches, those without result, those followed by a ticket,
    # and those of visitors with an id. Whoever has none is somebody else at each search. Squares
    # need room: a program may search a hundred thousand times under one id.
    "searchers": {
        "facet": "u4", "zz": "u8", "zn": "u8", "nn": "u8", "n": "u4",
        "ll": "u8", "lf": "u8", "ff": "u8", "f": "u4",
    },
    # After which queries articles were opened from search results.
    "found_for": {"facet": "u4", "article": "u4", "query": "u4", "n": "u4"},
    # One row per ticket. known: of a visitor with an id. read: had read an article before.
    "tickets": {"facet": "u4", "known": "?", "read": "?", "withdrawn": "?"},
    "ticket_reads": {"ticket": "u4", "article": "u4"},
    # One row per vote that was a visitor's last on an article that day.
    "votes": {"who": "u8", "facet": "u4", "article": "u4", "at": "i8", "yes": "?"},
    # Hashes that belong to one visitor, each with the one that stands for all.
    "links": {"visitor": "u8", "same": "u8"},
    # Distinct queries: hash of language and folded text, and where the text ends in ``texts``.
    "queries": {"hash": "u8", "end": "u4"},
    # How many answers with suggestions, shown or withheld, took so many milliseconds. Since 3.
    "answers": {"facet": "u4", "ms": "u4", "n": "u4"},
}  # fmt: skip

_MAGIC = b"KBF1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


class Facet(NamedTuple):
    """By what the numbers can be narrowed; arm as the events carry it."""

    lang: str = ""
    surface: str = ""
    category: str = ""
    arm: str = ""


@dataclass(frozen=True, slots=True)
class DayFacts:
    """One day (UTC). closes: from then on only an event that arrives late changes it.

    texts: the queries, one after the other, as UTF-8. filtered: events of the day that each rule
    of the noise filter left out.
    """

    day: date
    closes: datetime
    facets: tuple[Facet, ...]
    articles: tuple[str, ...]
    texts: bytes
    filtered: Mapping[str, int]
    tables: Mapping[str, Table]

    def query(self, row: int) -> str:
        """The text of a row of the table ``queries``."""
        ends = self.tables["queries"]["end"]
        return self.texts[int(ends[row - 1]) if row else 0 : int(ends[row])].decode("utf-8")


class FactsUnreadable(ValueError):
    """These bytes are no facts of this version."""


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // _INSTANT


def moment(number: int) -> datetime:
    """The moment so many microseconds after 1970."""
    return _EPOCH + int(number) * _INSTANT


def to_bytes(facts: DayFacts) -> bytes:
    """The facts as they are kept: a short head, then the columns, compressed."""
    rows = {name: _length(table) for name, table in facts.tables.items()}
    head = json.dumps(
        {
            "version": FACTS_VERSION,
            "day": facts.day.isoformat(),
            "closes": micros(facts.closes),
            "facets": facts.facets,
            "articles": facts.articles,
            "filtered": dict(facts.filtered),
            "rows": rows,
        },
        separators=(",", ":"),
        sort_keys=True,
    ).encode()
    columns = b"".join(
        facts.tables[name][column].astype(f"<{kind}", copy=False).tobytes()
        for name, kinds in TABLES.items()
        for column, kind in kinds.items()
    )
    whole = b"".join([len(head).to_bytes(4, "little"), head, columns, facts.texts])
    return _MAGIC + zlib.compress(whole, 1)


def from_bytes(data: bytes) -> DayFacts:
    """The facts again. Raises FactsUnreadable."""
    try:
        if data[:4] != _MAGIC:
            raise FactsUnreadable("not facts of a day")
        whole = zlib.decompress(data[4:])
        at = 4 + int.from_bytes(whole[:4], "little")
        head = json.loads(whole[4:at])
        if head["version"] not in READABLE:
            raise FactsUnreadable("facts of another version")
        tables, at = _tables(whole, at, head["rows"])
        return DayFacts(
            day=date.fromisoformat(head["day"]),
            closes=moment(head["closes"]),
            facets=tuple(Facet(*one) for one in head["facets"]),
            articles=tuple(head["articles"]),
            texts=whole[at:],
            filtered=head["filtered"],
            tables=tables,
        )
    except (zlib.error, KeyError, TypeError, ValueError) as error:
        raise FactsUnreadable(f"the facts of a day cannot be read: {error}") from error


def empty_table(name: str) -> dict[str, Column]:
    """A table without rows."""
    return {column: np.empty(0, dtype=kind) for column, kind in TABLES[name].items()}


def _tables(whole: bytes, at: int, rows: Mapping[str, int]) -> tuple[dict[str, Table], int]:
    tables: dict[str, Table] = {}
    for name, kinds in TABLES.items():
        table: dict[str, Column] = {}
        for column, kind in kinds.items():
            table[column] = np.frombuffer(whole, f"<{kind}", count=rows.get(name, 0), offset=at)
            at += table[column].nbytes
        tables[name] = table
    return tables, at


def _length(table: Table) -> int:
    return len(next(iter(table.values())))
