"""The managers' page: what self-service did in a period, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _

from kbportal.deflection.model import Report
from kbportal.web.insights import period
from kbportal.web.insights.charts import Outcomes, Trend, outcomes, trend
from kbportal.web.insights.comments import CommentLine, comment_lines
from kbportal.web.insights.numbers import MetricRow, metric_rows, number
from kbportal.web.insights.period import Preset, Wanted
from kbportal.web.insights.source import reports
from kbportal.web.insights.tables import (
    MOST_ROWS,
    ArticleLine,
    QueryLine,
    article_lines,
    query_lines,
)
from kbportal.web.insights.words import RULE_WORDS, span_word
from kbportal.web.locale import language_name
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything on the page. finding: its one sentence. submissions: how many tickets (T)."""

    chosen: Wanted
    presets: list[Preset]
    languages: list[tuple[str, str]]
    period: str
    made_at: datetime
    finding: str
    is_empty: bool
    metrics: dict[str, MetricRow]
    submissions: str
    outcomes: Outcomes
    trend: Trend
    articles: list[ArticleLine]
    articles_left: int
    comments: list[CommentLine]
    top: list[QueryLine]
    without_result: list[QueryLine]
    without_opening: list[QueryLine]
    filtered: list[tuple[str, str]]
    windows: dict[str, str]
    files: dict[str, str]


def dashboard() -> Response:
    """The page."""
    html = render_template("insights/dashboard.html", page=_page(period.wanted()))
    return make_response(html)


def _page(chosen: Wanted) -> Dashboard:
    both = reports(chosen)
    made, arguments = both.now, chosen.arguments()
    metrics = metric_rows(made, both.earlier)
    return Dashboard(
        chosen=chosen,
        presets=period.presets(chosen),
        languages=[(one, language_name(one)) for one in portal().settings.languages],
        period=period.words(chosen),
        made_at=made.now,
        finding=_finding(made, metrics),
        is_empty=not (made.outcomes.F or made.articles or made.queries),
        metrics=metrics,
        submissions=number(made.outcomes.T),
        outcomes=outcomes(made),
        trend=trend(made, first=chosen.first, last=chosen.last),
        articles=article_lines(made.articles),
        articles_left=max(0, len(made.articles) - MOST_ROWS),
        comments=comment_lines(chosen),
        top=query_lines(made.queries, lambda row: row.searches),
        without_result=query_lines(made.queries, lambda row: row.zero_results),
        without_opening=query_lines(made.queries, lambda row: row.no_open),
        filtered=[(str(RULE_WORDS[rule]), number(n)) for rule, n in made.filtered.items()],
        windows=_windows(made),
        files={
            name: url_for("insights.table", name=name, **arguments)
            for name in ("numbers", "articles", "queries", "days", "filtered")
        },
    )


def _finding(made: Report, metrics: dict[str, MetricRow]) -> str:
    """What the page says, in one sentence that claims no more than is known."""
    headline = made.metrics["confirmed_deflection_rate"]
    if headline.value is None:
        return str(_("Nobody has begun a ticket in this period yet."))
    facts = {"share": metrics["confirmed_deflection_rate"].value, "n": number(headline.n)}
    if headline.status == "provisional":
        text = _(
            "So far an article has solved it for %(share)s of %(n)s who began a ticket; "
            "whether that lasts is not known yet."
        )
    else:
        text = _("An article solved it, lastingly, for %(share)s of %(n)s who began a ticket.")
    return str(text % facts)


def _windows(made: Report) -> dict[str, str]:
    spans = made.windows
    return {
        "lookback": span_word(spans.lookback),
        "horizon": span_word(spans.horizon),
        "durability": span_word(spans.durability),
    }
