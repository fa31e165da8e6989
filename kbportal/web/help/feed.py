"""What is new, for news readers: the articles that were updated last, as Atom (RFC 4287)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from datetime import date
from itertools import islice
from xml.sax.saxutils import escape, quoteattr

from flask import Response, abort, request

from kbportal.articles.shelf import ArticleCard
from kbportal.web.addresses import article_address, base, public_address
from kbportal.web.help.library import category_row, shelf
from kbportal.web.portal import portal

ENTRIES = 30
_KEPT_S = 3600


def feed(lang: str) -> Response:
    """The newest articles of a language."""
    newest = shelf().newest(lang, ENTRIES)
    here = public_address("help.feed", lang=lang)
    page = public_address("help.home", lang=lang)
    return _atom(newest, lang, title=portal().settings.site_name, here=here, page=page)


def category_feed(lang: str, slug: str) -> Response:
    """The newest articles of a category."""
    found = category_row(lang, slug)
    if found is None:
        abort(404)
    newest = shelf().newest(lang, ENTRIES, category=slug)
    title = f"{found.title} · {portal().settings.site_name}"
    here = public_address("help.category_feed", lang=lang, slug=slug)
    return _atom(
        newest,
        lang,
        title=title,
        here=here,
        page=public_address("help.category", lang=lang, slug=slug),
    )


def _atom(
    newest: Iterable[ArticleCard], lang: str, *, title: str, here: str, page: str
) -> Response:
    """The feed; articles that say no date cannot be news and are left out."""
    dated = list(islice((card for card in newest if card.updated), ENTRIES))
    latest = max((card.updated for card in dated if card.updated), default=date(1970, 1, 1))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">',
        f"<id>{escape(here)}</id>",
        f"<title>{escape(title)}</title>",
        f"<updated>{_moment(latest)}</updated>",
        f"<author><name>{escape(portal().settings.site_name)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(here)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(page)}/>',
        *(_entry(card, base()) for card in dated),
        "</feed>",
        "",
    ]
    return _kept("\n".join(lines))


def _entry(card: ArticleCard, here: str) -> str:
    address = quoteattr(article_address(here, card.lang, card.slug))
    # By the file, so that an article which gets another address is not news once more.
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{here}/{card.id}")
    summary = f"<summary>{escape(card.summary)}</summary>" if card.summary else ""
    return (
        f"<entry><id>urn:uuid:{name}</id><title>{escape(card.title)}</title>"
        f"<updated>{_moment(card.updated)}</updated>"
        f'<link rel="alternate" type="text/html" href={address}/>{summary}</entry>'
    )


def _moment(day: date | None) -> str:
    return f"{day}T00:00:00Z"


def _kept(text: str) -> Response:
    response = Response(text, mimetype="application/atom+xml")
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:20], weak=True)
    response.cache_control.public = True
    response.cache_control.max_age = _KEPT_S
    response.make_conditional(request)
    return response
