"""Every public article with its translations, in the format that search engines read.

It is sent while it is written, so that a large library needs no memory for it, and it carries
the name of the generation, so that a crawler that has it is told so in a line.
"""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from xml.sax.saxutils import escape, quoteattr

from flask import Response, request

from kbportal.articles.shelf import ArticleCard, Shelf
from kbportal.web.addresses import article_address, base
from kbportal.web.compression import takes_gzip
from kbportal.web.portal import portal

MOST = 50_000
"""Addresses that the format allows in one file."""

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
_GZIP = 16 + zlib.MAX_WBITS
_log = logging.getLogger(__name__)

Translations = dict[str, dict[str, str]]


def sitemap() -> Response:
    """The file, in a stream."""
    live, offered, here = portal().live.current(), portal().settings.languages, base()
    zipped = takes_gzip()
    text = (part.encode() for part in _lines(live.shelf, offered, here))
    response = Response(_gzip(text) if zipped else text, mimetype="application/xml")
    if zipped:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    seen = hashlib.sha256(f"{live.id} {here} {offered}".encode()).hexdigest()[:20]
    response.set_etag(seen, weak=True)
    response.cache_control.public = True
    response.cache_control.max_age = 3600
    response.make_conditional(request)
    return response


def _lines(shelf: Shelf, offered: tuple[str, ...], here: str) -> Iterator[str]:
    yield _HEAD
    translations = _translations(shelf, offered, here)
    for card in islice(_offered(shelf, offered), MOST):
        yield _line(card, translations.get(card.key, {}), here, offered[0])
    yield "</urlset>\n"


def _offered(shelf: Shelf, offered: tuple[str, ...]) -> Iterator[ArticleCard]:
    return (card for card in shelf.public_articles() if card.lang in offered)


def _translations(shelf: Shelf, offered: tuple[str, ...], here: str) -> Translations:
    """Key → language → address, of articles that are there in more than one language."""
    found: Translations = {}
    for card in _offered(shelf, offered):
        address = article_address(here, card.lang, card.slug)
        found.setdefault(card.key, {})[card.lang] = address
    if (number := sum(map(len, found.values()))) > MOST:
        _log.warning("the sitemap has room for %d of %d articles", MOST, number)
    return {key: addresses for key, addresses in found.items() if len(addresses) > 1}


def _line(card: ArticleCard, addresses: dict[str, str], here: str, default: str) -> str:
    where = escape(article_address(here, card.lang, card.slug))
    changed = f"<lastmod>{card.updated.isoformat()}</lastmod>" if card.updated else ""
    known = dict(addresses)
    if default in addresses:
        known["x-default"] = addresses[default]
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href={quoteattr(address)}/>'
        for lang, address in known.items()
    )
    return f"<url><loc>{where}</loc>{changed}{others}</url>\n"


def _gzip(parts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(5, zlib.DEFLATED, _GZIP)
    for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()
