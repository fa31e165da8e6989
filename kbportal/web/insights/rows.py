"""The cases behind a number: who asks how we know gets to see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _

from kbportal.deflection.facts.stack import arm_names
from kbportal.deflection.numbers.cases import WITH_CASES, Case, Cases, cases
from kbportal.web.insights import period
from kbportal.web.insights.article_facts import article_facts
from kbportal.web.insights.frame import Frame, frame
from kbportal.web.insights.numbers import MetricRow, metric_rows, number
from kbportal.web.insights.pager import PER_PAGE, PageLinks, page_links
from kbportal.web.insights.period import Wanted
from kbportal.web.insights.source import Reports, narrowed_to, reports
from kbportal.web.insights.tables import csv_lines
from kbportal.web.insights.topics import topic_titles
from kbportal.web.insights.words import OUTCOME_WORDS, arm_word, status_word, surface_word
from kbportal.web.locale import language_name
from kbportal.web.phrases import day, moment
from kbportal.web.portal import portal

_FILE_HEAD = ("day", "start", "language", "surface", "category", "arm", "outcome", "seconds",
              "settled", "articles", "query", "n", "counted")  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as people read it. counts: in words, whether it counts towards the value."""

    when: str
    query: str
    where: list[str]
    outcome: str
    articles: list[tuple[str, str]]
    seconds: str
    counts: str
    n: str


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Everything on the page. only: those alone that count; toggle: the other way round."""

    frame: Frame
    metric: MetricRow
    kind: str
    lines: list[CaseLine]
    links: PageLinks
    n: str
    counted: str
    only: bool
    toggle: str
    file: str


def rows(metric: str) -> Response:
    """The page; 404 for a number whose cases cannot be shown."""
    chosen, both, whole = behind(metric)
    only = request.args.get("only") == "1"
    found = whole.only_counted() if only else whole
    arguments: dict[str, Any] = chosen.arguments() | ({"only": 1} if only else {})
    links = page_links(len(found), arguments)
    first = (links.number - 1) * PER_PAGE
    other = chosen.arguments() | ({} if only else {"only": 1})
    page = RowsPage(
        frame=frame(chosen, made_at=both.now.made_at or both.now.now),
        metric=metric_rows(both.now, both.earlier, arguments=chosen.arguments())[metric],
        kind=found.kind,
        lines=_lines(found.slice(first, first + PER_PAGE), found.kind),
        links=links,
        n=number(whole.n),
        counted=number(whole.counted),
        only=only,
        toggle=url_for("insights.rows", metric=metric, **other),
        file=url_for("insights.rows_file", metric=metric, **arguments),
    )
    return make_response(render_template("insights/rows.html", page=page))


def rows_file(metric: str) -> Response:
    """All cases as a file, written while it is sent."""
    chosen, _both, whole = behind(metric)
    found = whole.only_counted() if request.args.get("only") == "1" else whole
    response = Response(csv_lines(_file(found)), mimetype="text/csv")
    name = f"{metric}-{chosen.first.isoformat()}-{chosen.last.isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def behind(metric: str) -> tuple[Wanted, Reports, Cases]:
    """The period that is asked for, its reports, and the cases of a number; 404 for one without."""
    if metric not in WITH_CASES:
        abort(404)
    chosen = period.wanted()
    both = reports(chosen)
    now = both.now.now
    found = cases(
        metric,
        portal().reports.ledger.books(chosen.period, now=now).facts,
        period=chosen.period,
        now=now,
        narrowed=narrowed_to(chosen),
        note=both.now.metrics[metric].note,
    )
    return chosen, both, found


def _lines(found: list[Case], kind: str) -> list[CaseLine]:
    topics = topic_titles()
    return [_line(one, kind, topics) for one in found]


def _line(one: Case, kind: str, topics: dict[str, str]) -> CaseLine:
    where = (
        language_name(one.lang) if one.lang else "",
        topics.get(one.category, one.category),
        surface_word(one.surface),
        *map(arm_word, arm_names(one.arm)),
    )
    return CaseLine(
        when=moment(one.start) if one.start else day(one.day),
        query=one.query,
        where=[part for part in where if part],
        outcome=_outcome(one),
        articles=[(known.title, known.url) for known in map(article_facts, one.articles)],
        seconds=number(one.seconds) if one.seconds is not None else "",
        counts=_counts(one, kind),
        n=number(one.n),
    )


def _outcome(one: Case) -> str:
    if not one.outcome:
        return ""
    word = str(OUTCOME_WORDS[one.outcome][0])
    return word if one.settled else f"{word} ({status_word('provisional').lower()})"


def _counts(one: Case, kind: str) -> str:
    if kind == "searches":
        return number(one.counted)
    return str(_("Yes")) if one.counted else str(_("No"))


def _file(found: Cases) -> Iterator[tuple[object, ...]]:
    yield _FILE_HEAD
    for one in found.everything():
        yield (
            one.day, one.start.isoformat() if one.start else "", one.lang, one.surface,
            one.category, one.arm, one.outcome, one.seconds, one.settled,
            " | ".join(one.articles), one.query, one.n, one.counted,
        )  # fmt: skip
