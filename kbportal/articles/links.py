"""From files to addresses: where an article's page is, and where its links lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from kbportal.articles.model import Article
from kbportal.articles.shelved import Standing
from kbportal.markup.links import resolve


def url_of(article: Article | Standing) -> str:
    """The address of an article's page."""
    return f"/{article.lang}/articles/{article.slug}"


def link_targets(articles: Iterable[Article]) -> dict[str, str]:
    """Path of each article's file → address of its page."""
    return {article.path: url_of(article) for article in articles}


def link_for(article: Article, targets: Mapping[str, str]) -> Callable[[str], str]:
    """What `markup.render` asks about each address in this article."""
    return partial(resolve, base=article.path, targets=targets)
