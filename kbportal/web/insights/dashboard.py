"""The managers' page: what self-service did in a period, how sure that is, and where to look."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from kbportal.deflection.contents import Report
from kbportal.deflection.gaps.model import OPEN
from kbportal.deflection.model import Note
from kbportal.web.insights import article_table, period, sorting
from kbportal.web.insights.articles import ArticleLine, article_line
from kbportal.web.insights.breakdowns import Parts, breakdowns
from kbportal.web.insights.charts import Outcomes, Trend, outcomes, trend
from kbportal.web.insights.comments import CommentLine, comment_lines
from kbportal.web.insights.digest import DigestChoice, digest_choice
from kbportal.web.insights.frame import Frame, frame
from kbportal.web.insights.funnel import Way, way
from kbportal.web.insights.gap_rows import GapRow, gap_row
from kbportal.web.insights.guardrails import RailLine, guardrail_lines
from kbportal.web.insights.holdout import Holdout, holdout
from kbportal.web.insights.numbers import MetricRow, metric_rows, number
from kbportal.web.insights.period import Wanted
from kbportal.web.insights.searches import QueryLine, shortest_list
from kbportal.web.insights.sorting import Head
from kbportal.web.insights.source import Reports, reports
from kbportal.web.insights.topics import topic_titles
from kbportal.web.insights.words import RULE_WORDS, span_word
from kbportal.web.portal import portal

MOST_ARTICLES, MOST_GAPS = 8, 3
LISTS = ("searches", "nothing", "unopened")
"""By which columns the most frequent queries are listed."""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything on the page. finding: its one sentence. submissions: how many tickets (T).

    warning: why a better headline is no good news, or empty.
    """

    frame: Frame
    finding: str
    warning: str
    notes: list[str]
    is_empty: bool
    metrics: dict[str, MetricRow]
    holdout: Holdout
    submissions: str
    way: Way
    outcomes: Outcomes
    trend: Trend
    rails: list[RailLine]
    parts: list[Parts]
    article_heads: list[Head]
    articles: list[ArticleLine]
    gaps: list[GapRow]
    comments: list[CommentLine]
    queries: dict[str, list[QueryLine]]
    filtered: list[tuple[str, str]]
    windows: dict[str, str]
    digest: DigestChoice
    files: dict[str, str]
    more: dict[str, str]


def dashboard() -> Response:
    """The page."""
    html = render_template("insights/dashboard.html", page=_page(period.wanted()))
    return make_response(html)


def _page(chosen: Wanted) -> Dashboard:
    both = reports(chosen)
    made, arguments = both.now, chosen.arguments()
    metrics = metric_rows(made, both.earlier, arguments=arguments)
    comments = comment_lines(chosen)
    usual = sorting.usual(article_table.COLUMNS, article_table.USUAL)
    return Dashboard(
        frame=frame(chosen, made_at=made.made_at or made.now),
        finding=_finding(made, metrics),
        warning=_warning(both),
        notes=[note_words(note) for note in made.notes],
        is_empty=not (made.outcomes.F or made.articles or made.queries or comments),
        metrics=metrics,
        holdout=holdout(made.holdout),
        submissions=number(made.outcomes.T),
        way=way(made),
        outcomes=outcomes(made),
        trend=trend(made, chosen),
        rails=guardrail_lines(made),
        parts=breakdowns(made, chosen, categories=topic_titles()),
        article_heads=sorting.heads(
            article_table.COLUMNS, usual, chosen=chosen, figures=article_table.FIGURES,
            endpoint="insights.articles",
        ),
        articles=_articles(made),
        gaps=_gaps(chosen),
        comments=comments,
        queries={name: shortest_list(made.queries, name) for name in LISTS},
        filtered=[(str(RULE_WORDS[rule]), number(n)) for rule, n in made.filtered.items()],
        windows=_windows(made),
        digest=digest_choice(),
        files={
            name: url_for("insights.table", name=name, **arguments)
            for name in ("numbers", "articles", "queries", "days", "filtered", "parts")
        },
        more={
            name: url_for(f"insights.{name}", **arguments)
            for name in ("articles", "searches", "definitions")
        },
    )  # fmt: skip


def note_words(note: Note) -> str:
    """What a reader of the numbers must know."""
    words: dict[Note, str] = {
        "daily_identity": _(
            "Visitors are known for two days at most (setting visitor_identity). Who came back "
            "later is not seen, so what lasted is counted too kindly."
        ),
        "widget_identity": _(
            "Some of these visitors came through the widget, which knows nobody for longer than "
            "two days. Who came back later counts as somebody else: some tickets are missing "
            "after a visit, and what was solved is counted too kindly."
        ),
        "days_missing": _(
            "Some days of this period are left out: their events are deleted, and they were "
            "counted by other rules."
        ),
        "queries_forgotten": _(
            "What people searched for is deleted for a part of this period; how often they did "
            "still counts."
        ),
        "days_behind": _("The newest events are being counted; look again in a minute."),
    }
    return str(words[note])


def _articles(made: Report) -> list[ArticleLine]:
    today = portal().clock().date()
    rows = article_table.known(made.articles[:MOST_ARTICLES])
    return [article_line(one, today=today) for one in rows]


def _gaps(chosen: Wanted) -> list[GapRow]:
    """What to write next, by the latest survey."""
    survey = portal().gaps.survey()
    if survey is None:
        return []
    mine = (gap for gap in portal().gaps.gaps() if chosen.lang in ("", gap.lang))
    todo = [gap for gap in mine if gap.state in OPEN]
    return [gap_row(gap, survey) for gap in todo[:MOST_GAPS]]


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


def _warning(both: Reports) -> str:
    rails = {rail.id for rail in both.warnings}
    worse = [line.name for line in guardrail_lines(both.now) if line.id in rails]
    if not worse:
        return ""
    names = ", ".join(worse)
    return str(
        ngettext(
            "More is solved, but something else got worse: %(names)s. This is no success yet.",
            "More is solved, but other things got worse: %(names)s. This is no success yet.",
            len(worse),
            names=names,
        )
    )


def _windows(made: Report) -> dict[str, str]:
    spans = made.windows
    return {
        "lookback": span_word(spans.lookback),
        "horizon": span_word(spans.horizon),
        "durability": span_word(spans.durability),
    }
