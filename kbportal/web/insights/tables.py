"""What each article and each query did, as rows; and all tables as files for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any

from flask import Response, abort, make_response, url_for

from kbportal.deflection.model import ArticleRow, QueryRow, Report
from kbportal.kernel.errors import PortalError
from kbportal.web.insights.numbers import number
from kbportal.web.insights.period import wanted
from kbportal.web.insights.source import reports
from kbportal.web.locale import language_name
from kbportal.web.portal import portal

MOST_ROWS = 25
_HARMFUL = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article with its numbers; `url` is empty where customers have no page of it."""

    title: str
    url: str
    lang: str
    figures: list[str]


@dataclass(frozen=True, slots=True)
class QueryLine:
    """A query, the page that it leads to, and its numbers."""

    query: str
    url: str
    lang: str
    searches: str
    tickets: str


def article_lines(rows: Iterable[ArticleRow]) -> list[ArticleLine]:
    """The most read articles."""
    return [_article_line(row) for row in list(rows)[:MOST_ROWS]]


def query_lines(rows: Iterable[QueryRow], count: Callable[[QueryRow], int]) -> list[QueryLine]:
    """The queries with the highest count, leaving out those without one."""
    ranked = sorted(rows, key=lambda row: -count(row))
    return [
        QueryLine(
            query=row.query,
            url=url_for("help.search", lang=row.lang, q=row.query) if _offered(row.lang) else "",
            lang=language_name(row.lang),
            searches=number(count(row)),
            tickets=number(row.tickets),
        )
        for row in ranked[:MOST_ROWS]
        if count(row)
    ]


def table(name: str) -> Response:
    """A table of the page as a file; 404 for one that does not exist."""
    if name not in _TABLES:
        abort(404)
    chosen = wanted()
    made = reports(chosen).now
    days = f"{chosen.first.isoformat()}-{chosen.last.isoformat()}"
    response = make_response(as_csv(_TABLES[name](made)))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{days}.csv"'
    return response


def as_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows as RFC 4180 has them, with a mark that spreadsheets take for UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return "\ufeff" + file.getvalue()


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return cell
    text = str(cell).replace("\0", "")
    is_formula = text.startswith(_HARMFUL) or text.lstrip().startswith(_HARMFUL)
    return f"'{text}" if is_formula else text


def _offered(lang: str) -> bool:
    return lang in portal().settings.languages


def _article_line(row: ArticleRow) -> ArticleLine:
    figures = [
        row.views,
        row.opened_from_form,
        row.solved,
        row.taken_back,
        row.tickets_after_reading,
        row.votes_yes,
        row.votes_no,
    ]
    title, url = row.article, ""
    try:
        card = portal().live.current().shelf.card(row.article, audience="staff")
    except PortalError:
        card = None
    if card:
        is_public = card.status == "published" and card.audience == "public"
        title = card.title
        url = url_for("help.article", lang=card.lang, slug=card.slug) if is_public else ""
    lang = row.article.partition("/")[0]
    return ArticleLine(title, url, language_name(lang), [number(one) for one in figures])


def _records(kind: type, rows: Iterable[Any]) -> list[tuple[object, ...]]:
    return [tuple(one.name for one in fields(kind)), *(astuple(row) for row in rows)]


def _articles(made: Report) -> list[tuple[object, ...]]:
    counts = ("article", "views", "opened_from_form", "solved", "taken_back",
              "tickets_after_reading", "votes_yes", "votes_no")  # fmt: skip
    return [counts, *(tuple(getattr(row, name) for name in counts) for row in made.articles)]


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
    "filtered": lambda made: [("rule", "events"), *made.filtered.items()],
}
