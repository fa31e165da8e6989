"""Millions of events as a busy help centre leaves them, written straight into a database.

Invented, and made to be read, not to be believed: sessions of searches, forms, readers and
crawlers, two of them in ten by somebody who has been here before. Articles and queries are
asked for as unevenly as everywhere.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from kbportal.deflection.trials.assignment import arm_of, holdout_shares

SEED = 5
ARTICLES, QUERIES, CATEGORIES = 400, 20_000, 12
LANGS = ("en", "en", "en", "sk", "fi")
_KINDS = ("search", "form", "read", "crawler")
_WEIGHTS = (40, 25, 25, 10)
_NAMES = ("event_id", "ts", "type", "surface", "visitor", "session", "user", "locale", "arm",
          "query_norm", "results", "article", "dwell_ms", "ticket", "ua_class", "channel",
          "value")  # fmt: skip
_KEY = b"benchmark"
_WEIGHT = [1 / (rank + 3) for rank in range(QUERIES)]


@dataclass(slots=True)
class Crowd:
    """Who comes, day after day, the same every time."""

    random: Random = field(default_factory=lambda: Random(SEED))
    known: list[str] = field(default_factory=list)
    written: int = 0
    _queries: list[float] = field(default_factory=lambda: list(accumulate(_WEIGHT)))
    _articles: list[float] = field(default_factory=lambda: list(accumulate(_WEIGHT[:ARTICLES])))

    def day(self, day: date, events: int) -> Iterator[tuple[Any, ...]]:
        """About so many events of one day, as rows of ``_NAMES``."""
        start, end = datetime(day.year, day.month, day.day, tzinfo=UTC), self.written + events
        while self.written < end:
            at = start + timedelta(seconds=self.random.triangular(0, 86_399, 50_000))
            for row in self._visit(at):
                self.written += 1
                yield row

    def _visit(self, at: datetime) -> Iterator[tuple[Any, ...]]:
        draw = self.random
        (kind,) = draw.choices(_KINDS, _WEIGHTS)
        lang, who = draw.choice(LANGS), self._visitor()
        arm = arm_of(who, experiment="holdout", key=_KEY, shares=holdout_shares(10))
        share = 10 if arm == "control" else 90
        common = {"visitor": who, "session": who, "locale": lang, "arm": f"holdout:{arm}@{share}",
                  "ua_class": "bot" if kind == "crawler" else "browser"}  # fmt: skip
        for wait, facts in getattr(self, f"_{kind}")(lang, arm == "control"):
            at += timedelta(seconds=wait)
            yield self._row(at, common | facts)

    def _row(self, at: datetime, facts: dict[str, Any]) -> tuple[Any, ...]:
        whole = facts | {
            "event_id": f"{self.random.getrandbits(128):032x}",
            "ts": round(at.timestamp() * 1_000_000),
        }
        return tuple(whole.get(name) for name in _NAMES)

    def _visitor(self) -> str:
        draw = self.random
        if self.known and draw.random() < 0.2:
            return self.known[-1 - min(int(draw.expovariate(1e-4)), len(self.known) - 1)]
        self.known.append(f"{draw.getrandbits(128):032x}")
        return self.known[-1]

    def _article(self, lang: str) -> str:
        (n,) = self.random.choices(range(ARTICLES), cum_weights=self._articles)
        return f"{lang}/category-{n % CATEGORIES}/article-{n}"

    def _query(self) -> str:
        (n,) = self.random.choices(range(QUERIES), cum_weights=self._queries)
        return f"how do i change thing number {n}"

    def _results(self, lang: str) -> list[str]:
        return [self._article(lang) for _ in range(5)]

    def _search(self, lang: str, _control: bool) -> Iterator[tuple[float, dict[str, Any]]]:
        for _ in range(self.random.choice((1, 1, 2, 3))):
            results = self._results(lang) if self.random.random() < 0.9 else []
            asked = {"type": "search", "surface": "search", "query_norm": self._query()}
            yield 20, asked | {"results": _listed(results)}
            if results and self.random.random() < 0.6:
                yield 15, _view(results[0], 20_000)

    def _read(self, lang: str, _control: bool) -> Iterator[tuple[float, dict[str, Any]]]:
        for _ in range(self.random.choice((1, 1, 2))):
            yield 10, _view(self._article(lang), self.random.choice((3_000, 40_000)))

    def _crawler(self, lang: str, _control: bool) -> Iterator[tuple[float, dict[str, Any]]]:
        for _ in range(5):
            yield 2, _view(self._article(lang), None)

    def _form(self, lang: str, control: bool) -> Iterator[tuple[float, dict[str, Any]]]:
        draw, here = self.random, {"surface": "form"}
        yield 0, here | {"type": "form_started"}
        shown = "suggest_ghost" if control else "suggest_shown"
        results = self._results(lang)
        for _ in range(draw.choice((1, 2, 3, 4))):
            results = self._results(lang)
            listed = {"type": shown, "query_norm": self._query(), "results": _listed(results)}
            yield 6, here | listed
        if not control and draw.random() < 0.35:
            opened = {"type": "suggest_expanded", "article": results[0], "dwell_ms": 14_000}
            yield 20, here | opened
            if draw.random() < 0.5:
                yield 20, here | {"type": "form_solved", "article": results[0]}
        if draw.random() < (0.65 if control else 0.58):
            sent = {"type": "ticket_created", "channel": "form", "ticket": f"t{self.written}"}
            yield draw.choice((60, 200, 90_000)), here | sent | {"user": f"p{draw.getrandbits(60)}"}


def fill(database: Path, *, last: date, days: int, events: int) -> int:
    """Write so many events over so many days up to this one; how many it were."""
    crowd, connection = Crowd(), sqlite3.connect(database)
    names = ", ".join(f'"{name}"' for name in _NAMES)
    marks = ", ".join("?" for _ in _NAMES)
    statement = f"INSERT INTO events ({names}) VALUES ({marks})"
    for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "cache_size = -1000000"):
        connection.execute(f"PRAGMA {pragma}")
    # Indexes are made at the end, which takes a tenth of the time.
    made = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'events' AND sql LIKE 'CREATE INDEX%'"
    ).fetchall()
    for name, _ in made:
        connection.execute(f'DROP INDEX "{name}"')
    for ago in reversed(range(days)):
        connection.executemany(statement, crowd.day(last - timedelta(days=ago), events // days))
    for _, index in made:
        connection.execute(index)
    connection.execute("DELETE FROM event_days")
    connection.execute(
        "INSERT INTO event_days SELECT ts / 86400000000, count(*) FROM events GROUP BY 1"
    )
    connection.commit()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return crowd.written


def _view(article: str, dwell_ms: int | None) -> dict[str, Any]:
    return {"type": "article_viewed", "surface": "article", "article": article,
            "dwell_ms": dwell_ms}  # fmt: skip


def _listed(articles: list[str]) -> str | None:
    return json.dumps([[a, "", n, 1.0] for n, a in enumerate(articles, 1)]) if articles else None
