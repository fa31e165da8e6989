"""What search engines are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Response, make_response, render_template, url_for

from kbportal.articles.shelf import ArticleCard
from kbportal.web.help.library import shelf
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class MappedPage:
    """An address, when it changed, and (language, address) of its translations and itself."""

    url: str
    updated: date | None
    translations: tuple[tuple[str, str], ...]


def sitemap() -> Response:
    """Every public article with its translations; at most 50,000, as the format allows."""
    response = make_response(render_template("help/sitemap.xml", pages=list(_pages())[:50_000]))
    response.mimetype = "application/xml"
    return response


def robots() -> Response:
    """Articles may be crawled; forms, tickets, staff rooms and the search page may not."""
    response = make_response(
        render_template("help/robots.txt", sitemap=url_for("help.sitemap", _external=True))
    )
    response.mimetype = "text/plain"
    return response


def _pages() -> Iterator[MappedPage]:
    offered = portal().settings.languages
    cards = sorted(shelf().public_articles(), key=lambda card: card.key)
    for _key, group in groupby(cards, key=lambda card: card.key):
        same = [card for card in group if card.lang in offered]
        everywhere = tuple((card.lang, _url(card)) for card in same)
        for card in same:
            yield MappedPage(_url(card), card.updated, everywhere if len(same) > 1 else ())


def _url(card: ArticleCard) -> str:
    return url_for("help.article", lang=card.lang, slug=card.slug, _external=True)
