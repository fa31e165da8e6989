"""What the shelf knows of articles that numbers are told about: title, address, owner, age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app, url_for

from kbportal.articles.shelf import ArticleCard
from kbportal.kernel.errors import PortalError
from kbportal.web.portal import portal

_KEY = "kbportal_article_facts"


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """An article; without a card it is gone, and only its id tells anything of it."""

    id: str
    card: ArticleCard | None
    owner: str = ""

    @property
    def title(self) -> str:
        return self.card.title if self.card else self.id.rpartition("/")[2]

    @property
    def lang(self) -> str:
        return self.id.partition("/")[0]

    @property
    def category(self) -> str:
        return self.card.category if self.card else ""

    @property
    def updated(self) -> date | None:
        return self.card.updated if self.card else None

    @property
    def url(self) -> str:
        """Its page for customers; empty where they have none."""
        card = self.card
        if card is None or card.status != "published" or card.audience != "public":
            return ""
        return url_for("help.article", lang=card.lang, slug=card.slug)


def article_facts(article_id: str) -> ArticleFacts:
    """What is known of one article."""
    return all_facts().get(article_id) or ArticleFacts(article_id, None)


def all_facts() -> Mapping[str, ArticleFacts]:
    """Every article of the live generation by its id, drafts too; read once per generation."""
    try:
        live = portal().live.current()
    except PortalError:
        return {}
    known: tuple[str, Mapping[str, ArticleFacts]] | None = current_app.extensions.get(_KEY)
    if known is None or known[0] != live.id:
        owners = live.shelf.owners()
        facts = {
            card.id: ArticleFacts(card.id, card, owners.get(card.id, ""))
            for card in live.shelf.all_articles()
        }
        known = current_app.extensions[_KEY] = (live.id, facts)
    return known[1]
