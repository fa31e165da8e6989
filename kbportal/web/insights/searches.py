"""The page of what people searched for, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from kbportal.deflection.contents import QueryRow
from kbportal.kernel.text import fold
from kbportal.web.insights import period, sorting
from kbportal.web.insights.frame import Frame, frame
from kbportal.web.insights.numbers import MetricRow, metric_rows, number
from kbportal.web.insights.pager import PageLinks, one_page
from kbportal.web.insights.period import Preset, Wanted
from kbportal.web.insights.quality import QualityPanel, quality_panel
from kbportal.web.insights.sorting import Choice, Column, Head
from kbportal.web.insights.source import reports
from kbportal.web.locale import language_name
from kbportal.web.portal import portal

USUAL, SHOWN = "searches", 8
METRICS = ("zero_result_rate", "no_open_rate", "reformulation_rate", "search_ticket_rate")
SUGGESTED = ("suggestion_coverage", "suggestion_open_rate", "suggestion_latency_p95")

COLUMNS: tuple[Column[QueryRow], ...] = (
    Column("query", lazy_gettext("Query"), lambda row: fold(row.query), falls=False),
    Column("searches", lazy_gettext("Searches"), lambda row: row.searches),
    Column("nothing", lazy_gettext("Found nothing"), lambda row: row.zero_results),
    Column("unopened", lazy_gettext("Nothing opened"), lambda row: row.no_open),
    Column("again", lazy_gettext("Searched again"), lambda row: row.reformulated),
    Column("tickets", lazy_gettext("Then a ticket"), lambda row: row.tickets),
)
FIGURES = frozenset(column.id for column in COLUMNS) - {"query"}


@dataclass(frozen=True, slots=True)
class QueryLine:
    """A query, the page that it leads to, and its numbers."""

    query: str
    url: str
    lang: str
    figures: list[str]


@dataclass(frozen=True, slots=True)
class SearchesPage:
    """Everything on the page. views: the same table by what went wrong. total: all queries.

    suggested: the numbers of what was suggested while somebody wrote to us.
    """

    frame: Frame
    wanted: Choice
    metrics: list[MetricRow]
    suggested: list[MetricRow]
    quality: QualityPanel
    quality_file: str
    views: list[Preset]
    heads: list[Head]
    lines: list[QueryLine]
    links: PageLinks
    total: int
    file: str


def searches() -> Response:
    """The page."""
    chosen, wanted = period.wanted(), sorting.choice(COLUMNS, usual=USUAL)
    both = reports(chosen)
    rows = queries(both.now.queries, wanted)
    shown, links = one_page(rows, chosen.arguments() | wanted.arguments())
    metrics = metric_rows(both.now, both.earlier, arguments=chosen.arguments())
    page = SearchesPage(
        frame=frame(chosen, made_at=both.now.made_at or both.now.now),
        wanted=wanted,
        metrics=[metrics[name] for name in METRICS],
        suggested=[metrics[name] for name in SUGGESTED],
        quality=quality_panel(chosen),
        quality_file=url_for("insights.table", name="quality", **chosen.arguments()),
        views=_views(chosen, wanted),
        heads=sorting.heads(COLUMNS, wanted, chosen=chosen, figures=FIGURES),
        lines=[query_line(row) for row in shown],
        links=links,
        total=len(rows),
        file=url_for("insights.table", name="queries", **chosen.arguments()),
    )
    return make_response(render_template("insights/searches.html", page=page))


def queries(rows: tuple[QueryRow, ...], wanted: Choice) -> list[QueryRow]:
    """The queries that are wanted; sorted by a count, only those that have it."""
    column = next(column for column in COLUMNS if column.id == wanted.sort)
    kept = [
        row
        for row in rows
        if sorting.has_words(row.query, wanted) and (wanted.rising or column.of(row))
    ]
    return sorting.arranged(kept, wanted, columns=COLUMNS)


def shortest_list(rows: tuple[QueryRow, ...], by: str) -> list[QueryLine]:
    """The few queries with the highest count of this column."""
    return [query_line(row) for row in queries(rows, sorting.usual(COLUMNS, by))[:SHOWN]]


def query_line(row: QueryRow) -> QueryLine:
    """A row as people read it."""
    figures = [column.of(row) for column in COLUMNS if column.id in FIGURES]
    offered = row.lang in portal().settings.languages
    return QueryLine(
        query=row.query,
        url=url_for("help.search", lang=row.lang, q=row.query) if offered else "",
        lang=language_name(row.lang),
        figures=[number(one) for one in figures],
    )


def _views(chosen: Wanted, wanted: Choice) -> list[Preset]:
    """The table, with what goes wrong in each way first."""
    titles = {
        "searches": _("Most often"),
        "nothing": _("Found nothing"),
        "unopened": _("Found, but nothing opened"),
        "again": _("Searched again"),
        "tickets": _("Search, then ticket"),
    }
    here = request.endpoint or ""
    return [
        Preset(
            title,
            url_for(here, **chosen.arguments(), sort=name, q=wanted.words or None),
            wanted.sort == name and not wanted.rising,
        )
        for name, title in titles.items()
    ]
