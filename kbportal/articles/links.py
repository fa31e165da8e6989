"""From files to addresses: where an article's page is."""

from __future__ import annotations

from collections.abc import Iterable

from kbportal.articles.model import Article
from kbportal.articles.shelved import Standing


def url_of(article: Article | Standing) -> str:
    """The address of an article's page."""
    return f"/{article.lang}/articles/{article.slug}"


def link_targets(articles: Iterable[Article]) -> dict[str, str]:
    """Path of each article's file → address of its page."""
    return {article.path: url_of(article) for article in articles}
