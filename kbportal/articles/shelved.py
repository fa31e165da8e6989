"""What a shelf hands out: a whole article, or what a list shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kbportal.articles.model import Article, Audience, Status
from kbportal.markup.model import Heading

CARD_COLUMNS = "id, key, lang, category, slug, title, summary, updated, status, audience, faq"


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """What a list shows of an article."""

    id: str
    key: str
    lang: str
    category: str
    slug: str
    title: str
    summary: str
    updated: date | None
    status: Status
    audience: Audience
    faq: bool


@dataclass(frozen=True, slots=True)
class ShelvedArticle:
    """An article with what its Markdown was rendered to; `html` is safe."""

    article: Article
    html: str
    outline: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an article stands, and the fingerprint of the file that it was made from."""

    id: str
    path: str
    lang: str
    slug: str
    is_public: bool
    fingerprint: str


def card_from(row: tuple[Any, ...]) -> ArticleCard:
    """The card that a row of `CARD_COLUMNS` is."""
    *texts, updated, status, reader, faq = row
    id_, key, lang, category, slug, title, summary = texts
    return ArticleCard(
        id=id_, key=key, lang=lang, category=category, slug=slug, title=title, summary=summary,
        updated=date.fromisoformat(updated) if updated else None,
        status=Status(status), audience=Audience(reader), faq=bool(faq),
    )  # fmt: skip
