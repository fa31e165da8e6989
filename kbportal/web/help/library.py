"""The articles that are live now, as rows."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from kbportal.articles.shelf import ArticleCard, Shelf
from kbportal.kernel.errors import PortalError
from kbportal.search.query.engine import Engine
from kbportal.web.help.rows import ArticleRow, CategoryRow
from kbportal.web.popular import popular_articles
from kbportal.web.portal import portal

CATEGORY_ICONS = frozenset({
    "bag", "box", "card", "chart", "chat", "clock", "gear", "gift", "globe", "heart", "inbox",
    "key", "lock", "mail", "page", "pen", "people", "phone", "return", "shield", "tip", "truck",
    "user",
})  # fmt: skip


def shelf() -> Shelf:
    """The live shelf; raises IndexMissing."""
    return portal().live.current().shelf


def engine() -> Engine:
    """Search over the live generation; raises IndexMissing."""
    return portal().live.current().engine


def category_rows(lang: str) -> list[CategoryRow]:
    """The categories of a language with something in them."""
    return [
        CategoryRow(
            slug=category.slug,
            title=category.title,
            summary=category.summary,
            icon=category.icon if category.icon in CATEGORY_ICONS else "page",
            url=url_for("help.category", lang=lang, slug=category.slug),
            count=count,
        )
        for category, count in shelf().categories(lang)
    ]


def category_row(lang: str, slug: str) -> CategoryRow | None:
    """The category of that name, if something is in it."""
    return next((row for row in category_rows(lang) if row.slug == slug), None)


def category_choices(lang: str) -> list[CategoryRow]:
    """As `category_rows`; none where there is no index, since forms must work without it."""
    try:
        return category_rows(lang)
    except PortalError:
        return []


def popular_rows(lang: str, most: int) -> list[ArticleRow]:
    """What is read most in a language; none where too little is known."""
    cards = (shelf().card(one) for one in popular_articles(lang))
    return article_rows([card for card in cards if card][:most])


def article_rows(cards: Iterable[ArticleCard]) -> list[ArticleRow]:
    """Articles as a list shows them."""
    return [
        ArticleRow(card.title, article_url(card.lang, card.slug), card.summary, card.updated)
        for card in cards
    ]


def article_url(lang: str, slug: str, section: str = "") -> str:
    """The address of an article, or of a section in it."""
    return url_for("help.article", lang=lang, slug=slug, _anchor=section or None)
