"""Rows of a day as they are found, and how they become columns: sorted, every text named once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np

from kbportal.deflection.facts.day import TABLES, Column, DayFacts, Facet, Table
from kbportal.events.catalog import Event
from kbportal.events.privacy import scrub
from kbportal.kernel.text import fold, normalise

Row = dict[str, Any]
_NAMED = ("facet", "article")


class Query(NamedTuple):
    """What is one query: a language, and a text in which spelling variants meet."""

    lang: str
    folded: str

    @classmethod
    def of(cls, event: Event) -> Query:
        return cls(event.locale, fold(normalise(event.query_norm or "")))

    def hash(self) -> int:
        """The same number for the same query on any day."""
        text = f"{self.lang}\n{self.folded}".encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


@dataclass(slots=True)
class Collected:
    """The rows of a day's tables, with facets, articles and queries as themselves."""

    episodes: list[Row] = field(default_factory=list)
    polls: Counter[tuple[Facet, bool]] = field(default_factory=Counter)
    reads: Counter[tuple[Facet, str, bool]] = field(default_factory=Counter)
    acts: dict[tuple[int, Facet], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    searches: dict[tuple[Facet, Query], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    searchers: dict[Facet, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    found_for: Counter[tuple[Facet, str, Query]] = field(default_factory=Counter)
    tickets: list[Row] = field(default_factory=list)
    votes: list[Row] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)
    answers: Counter[tuple[Facet, int]] = field(default_factory=Counter)
    texts: dict[Query, str] = field(default_factory=dict)

    def note_query(self, query: Query, event: Event) -> None:
        """Remember how it was last spelt."""
        self.texts[query] = event.query_norm or ""

    def facts(self, *, day: date, closes: datetime, filtered: Mapping[str, int]) -> DayFacts:
        """All of it as columns, in an order that follows from the rows alone."""
        rows = self._rows()
        used = {n: sorted({r[n] for t in rows.values() for r in t if n in r}) for n in _NAMED}
        at = {name: {value: n for n, value in enumerate(values)} for name, values in used.items()}
        queries = sorted(self.texts, key=Query.hash)
        at["query"] = {query: n for n, query in enumerate(queries)}
        tables: dict[str, Table] = {
            name: _columns(rows[name], kinds, at)
            for name, kinds in TABLES.items()
            if name != "queries"
        }
        texts = [_text(self.texts[query]) for query in queries]
        tables["queries"] = {
            "hash": np.array([query.hash() for query in queries], dtype="u8"),
            "end": np.cumsum([len(text) for text in texts], dtype="u4"),
        }
        return DayFacts(
            day=day,
            closes=closes,
            facets=tuple(used["facet"]),
            articles=tuple(used["article"]),
            texts=b"".join(texts),
            filtered=dict(sorted(filtered.items())),
            tables=tables,
        )

    def _rows(self) -> dict[str, list[Row]]:
        episodes = _sorted(self.episodes, TABLES["episodes"])
        tickets = _sorted(self.tickets, TABLES["tickets"])
        return {
            "episodes": episodes,
            "presses": _pairs(episodes, "episode"),
            "polls": [{"facet": f, "yes": y} for (f, y), n in _items(self.polls) for _ in range(n)],
            "reads": [
                {"facet": f, "article": a, "opened": o, "n": n}
                for (f, a, o), n in _items(self.reads)
            ],
            "acts": [
                {"visitor": v, "facet": f, "acts": n["acts"], "sent": n["sent"]}
                for (v, f), n in _items(self.acts)
            ],
            "searches": [{"facet": f, "query": q, **n} for (f, q), n in _items(self.searches)],
            "searchers": [
                {"facet": f, **{name: n[name] for name in TABLES["searchers"] if name != "facet"}}
                for f, n in _items(self.searchers)
            ],
            "found_for": [
                {"facet": f, "article": a, "query": q, "n": n}
                for (f, a, q), n in _items(self.found_for)
            ],
            "tickets": tickets,
            "ticket_reads": _pairs(tickets, "ticket"),
            "votes": _sorted(self.votes, TABLES["votes"]),
            "links": [{"visitor": one, "same": same} for one, same in sorted(set(self.links))],
            "answers": [{"facet": f, "ms": ms, "n": n} for (f, ms), n in _items(self.answers)],
        }


def _items(counted: Mapping[Any, Any]) -> list[tuple[Any, Any]]:
    return sorted(counted.items(), key=lambda item: item[0])


def _sorted(rows: Iterable[Row], columns: Iterable[str]) -> list[Row]:
    names = [*columns]
    return sorted(rows, key=lambda row: ([row[n] for n in names], row.get("articles", [])))


def _pairs(rows: Iterable[Row], name: str) -> list[Row]:
    return [{name: n, "article": a} for n, row in enumerate(rows) for a in row["articles"]]


def _columns(
    rows: list[Row], kinds: Mapping[str, str], at: Mapping[str, Mapping[Any, int]]
) -> dict[str, Column]:
    def column(name: str) -> list[Any]:
        values = [row[name] for row in rows]
        return [at[name][value] for value in values] if name in at else values

    return {name: np.array(column(name), dtype=kind) for name, kind in kinds.items()}


def _text(query: str) -> bytes:
    """Scrubbed once more: facts are kept longer than events are."""
    return scrub(query).encode("utf-8", "replace")
