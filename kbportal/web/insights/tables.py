"""All tables as files for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, fields
from typing import Any

from flask import Response, abort, make_response

from kbportal.deflection.contents import ArticleRow, QueryRow, Report
from kbportal.deflection.model import Metric
from kbportal.web.insights.article_facts import article_facts
from kbportal.web.insights.period import Wanted, wanted
from kbportal.web.insights.quality import judged
from kbportal.web.insights.source import reports

_HARMFUL = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table(name: str) -> Response:
    """A table of the page as a file; 404 for one that does not exist."""
    chosen = wanted()
    if name == "quality":
        rows = _quality(chosen)
    elif name in _TABLES:
        rows = _TABLES[name](reports(chosen, most_queries=None).now)
    else:
        abort(404)
    return csv_file(rows, f"{name}-{chosen.first.isoformat()}-{chosen.last.isoformat()}")


def csv_file(rows: Iterable[Iterable[object]], name: str) -> Response:
    """Rows as a file to save."""
    response = make_response(as_csv(rows))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows as RFC 4180 has them, with a mark that spreadsheets take for UTF-8."""
    return "".join(csv_lines(rows))


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The same in parts, for tables that are made while they are sent."""
    yield "\ufeff"
    for row in rows:
        file = io.StringIO()
        csv.writer(file).writerow([harmless(cell) for cell in row])
        yield file.getvalue()


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return cell
    text = str(cell).replace("\0", "")
    is_formula = text.startswith(_HARMFUL) or text.lstrip().startswith(_HARMFUL)
    return f"'{text}" if is_formula else text


def _quality(chosen: Wanted) -> list[tuple[object, ...]]:
    head = ("at", "language", "index", "place")
    rows = ((one.at.isoformat(), one.lang, one.generation, one.rank) for one in judged(chosen))
    return [head, *rows]


def _records(kind: type, rows: Iterable[Any]) -> list[tuple[object, ...]]:
    return [tuple(one.name for one in fields(kind)), *(astuple(row) for row in rows)]


_ARTICLE_COUNTS = ("views", "opened_from_form", "solved", "taken_back", "tickets_after_reading",
                   "votes_yes", "votes_no")  # fmt: skip
_RATES = ("solved", "tickets", "helpful")
_INTERVAL = ("value", "low", "high", "n")


def _articles(made: Report) -> list[tuple[object, ...]]:
    rates = (f"{rate}_{part}" for rate in _RATES for part in _INTERVAL)
    head = ("article", "title", "updated", "owner", *_ARTICLE_COUNTS, *rates, "found_for")
    return [head, *map(_article, made.articles)]


def _article(row: ArticleRow) -> tuple[object, ...]:
    facts = article_facts(row.article)
    rates = (getattr(getattr(row.rates, rate), part) for rate in _RATES for part in _INTERVAL)
    counts = (getattr(row, name) for name in _ARTICLE_COUNTS)
    found_for = " | ".join(row.found_for)
    return (row.article, facts.title, facts.updated, facts.owner, *counts, *rates, found_for)


def _parts(made: Report) -> list[tuple[object, ...]]:
    head = ("by", "key", "F", "T", "X", "I", "U", "X_D", "confirmed", "low", "high", "submission",
            "low", "high")  # fmt: skip
    rows = (
        (kind, one.key, one.counts.F, one.counts.T, one.counts.X, one.counts.I, one.counts.U,
         one.counts.X_D, *_share(one.confirmed), *_share(one.submission))
        for kind, parts in made.breakdowns.items()
        for one in parts
    )  # fmt: skip
    return [head, *rows]


def _share(metric: Metric) -> tuple[object, ...]:
    return (metric.value, metric.low, metric.high)


def _guardrails(made: Report) -> list[tuple[object, ...]]:
    head = ("guardrail", "value", "low", "high", "n", "before", "better", "worse")
    rows = (
        (one.id, *_share(one.now), one.now.n, one.before.value if one.before else None,
         one.better, one.worse)
        for one in made.guardrails
    )  # fmt: skip
    return [head, *rows]


def _numbers(made: Report) -> list[tuple[object, ...]]:
    head = ("metric", "value", "low", "high", "n", "status")
    rows = (
        (name, one.value, one.low, one.high, one.n, one.status)
        for name, one in made.metrics.items()
    )
    return [head, *rows]


def _days(made: Report) -> list[tuple[object, ...]]:
    rows = (
        (one.day, one.counts.F, one.counts.T, one.counts.X, one.counts.I, one.counts.U, one.matured)
        for one in made.days
    )
    return [("day", "F", "T", "X", "I", "U", "settled"), *rows]


_TABLES: Mapping[str, Callable[[Report], list[tuple[object, ...]]]] = {
    "numbers": _numbers,
    "articles": _articles,
    "queries": lambda made: _records(QueryRow, made.queries),
    "days": _days,
    "parts": _parts,
    "guardrails": _guardrails,
    "filtered": lambda made: [("rule", "events"), *made.filtered.items()],
}
