"""The page of all articles: what each did, how old it is, and who looks after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Response, make_response, render_template, url_for
from flask_babel import ngettext

from kbportal.deflection.contents import ArticleRow
from kbportal.web.insights import article_table, period, sorting
from kbportal.web.insights.article_table import COLUMNS, FIGURES, Known
from kbportal.web.insights.frame import Frame, frame
from kbportal.web.insights.numbers import NOTHING, number, percent, span
from kbportal.web.insights.pager import PageLinks, one_page
from kbportal.web.insights.sorting import Choice, Head
from kbportal.web.insights.source import reports
from kbportal.web.insights.topics import topic_titles
from kbportal.web.locale import language_name
from kbportal.web.portal import portal

MOST_QUERIES = 3


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article with its numbers; `url` is empty where customers have no page of it.

    figures: each with what stands beneath it, such as its interval.
    """

    title: str
    url: str
    lang: str
    figures: list[tuple[str, str]]
    updated: date | None
    age: str
    owner: str
    found_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticlesPage:
    """Everything on the page. total: how many articles are wanted, on all pages together."""

    frame: Frame
    wanted: Choice
    topics: list[tuple[str, str]]
    heads: list[Head]
    lines: list[ArticleLine]
    links: PageLinks
    total: int
    is_empty: bool
    file: str


def articles() -> Response:
    """The page."""
    chosen, wanted = period.wanted(), sorting.choice(COLUMNS, usual=article_table.USUAL)
    made = reports(chosen).now
    known = article_table.known(made.articles)
    kept = [one for one in known if article_table.is_wanted(one, wanted)]
    rows = sorting.arranged(kept, wanted, columns=COLUMNS)
    shown, links = one_page(rows, chosen.arguments() | wanted.arguments())
    page = ArticlesPage(
        frame=frame(chosen, made_at=made.made_at or made.now),
        wanted=wanted,
        topics=_topics(known),
        heads=sorting.heads(COLUMNS, wanted, chosen=chosen, figures=FIGURES),
        lines=[article_line(one, today=portal().clock().date()) for one in shown],
        links=links,
        total=len(rows),
        is_empty=not known,
        file=url_for("insights.table", name="articles", **chosen.arguments()),
    )
    return make_response(render_template("insights/articles.html", page=page))


def article_line(one: Known, *, today: date) -> ArticleLine:
    """A row as people read it."""
    row, facts = one
    counts = (row.views, row.opened_from_form, row.solved, row.taken_back)
    after = (row.tickets_after_reading, row.votes_yes, row.votes_no)
    figures = [
        *((number(count), "") for count in counts),
        _rate(row),
        *((number(count), "") for count in after),
    ]
    return ArticleLine(
        title=facts.title,
        url=facts.url,
        lang=language_name(facts.lang),
        figures=figures,
        updated=facts.updated,
        age=_age(facts.updated, today),
        # Of an address the name alone: the table is wide enough.
        owner=facts.owner.partition("@")[0],
        found_for=row.found_for[:MOST_QUERIES],
    )


def _rate(row: ArticleRow) -> tuple[str, str]:
    """The share that it solved, drawn towards that of all articles; none for too few cases."""
    rate = row.rates.solved
    if row.rank is None or rate.value is None:
        return NOTHING, ""
    return percent(rate.value), span(rate)


def _age(updated: date | None, today: date) -> str:
    """How long ago it was updated, in days or months."""
    if updated is None:
        return ""
    days = max(0, (today - updated).days)
    if days < 60:
        return str(ngettext("%(num)d day", "%(num)d days", days))
    return str(ngettext("%(num)d month", "%(num)d months", round(days / 30.44)))


def _topics(known: list[Known]) -> list[tuple[str, str]]:
    """The topics that these articles are in: slug and title, by title."""
    titles = topic_titles()
    slugs = {facts.category for _row, facts in known if facts.category}
    return sorted(((slug, titles.get(slug, slug)) for slug in slugs), key=lambda one: one[1])
