"""Articles with their numbers as a table: its columns, and which articles are in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext

from kbportal.deflection.contents import ArticleRow
from kbportal.kernel.text import fold
from kbportal.web.insights.article_facts import ArticleFacts, article_facts
from kbportal.web.insights.sorting import Choice, Column, has_words

USUAL = "views"

Known = tuple[ArticleRow, ArticleFacts]

COLUMNS: tuple[Column[Known], ...] = (
    Column("title", lazy_gettext("Article"), lambda one: fold(one[1].title), falls=False),
    Column("views", lazy_gettext("Views"), lambda one: one[0].views),
    Column("opened", lazy_gettext("Opened from the form"), lambda one: one[0].opened_from_form),
    Column("solved", lazy_gettext("Solved it"), lambda one: one[0].solved),
    Column("taken_back", lazy_gettext("Taken back"), lambda one: one[0].taken_back),
    Column("rate", lazy_gettext("Share solved"), lambda one: _by_rank(one[0])),
    Column(
        "tickets", lazy_gettext("Tickets after reading"), lambda one: one[0].tickets_after_reading
    ),
    Column("yes", lazy_gettext("Votes yes"), lambda one: one[0].votes_yes),
    Column("no", lazy_gettext("Votes no"), lambda one: one[0].votes_no),
    Column("updated", lazy_gettext("Updated"), lambda one: one[1].updated or date.min, falls=False),
    Column("owner", lazy_gettext("Owner"), lambda one: fold(one[1].owner), falls=False),
)
FIGURES = frozenset(column.id for column in COLUMNS) - {"title", "updated", "owner"}


def _by_rank(row: ArticleRow) -> tuple[bool, float]:
    """Articles with too few cases for a rank come after all others."""
    return row.rank is not None, row.rates.solved.value or 0.0


def known(rows: Iterable[ArticleRow]) -> list[Known]:
    """The rows with what the shelf knows of their articles."""
    return [(row, article_facts(row.article)) for row in rows]


def is_wanted(one: Known, wanted: Choice) -> bool:
    """Whether an article is in the table."""
    row, facts = one
    if wanted.topic and facts.category != wanted.topic:
        return False
    return has_words(f"{facts.title} {row.article} {facts.owner}", wanted)
