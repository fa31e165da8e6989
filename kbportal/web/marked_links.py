"""Links to articles that agents send, told from those that customers find.

Who is sent an article has not found it: what self-service did must not be praised for it. So an
agent's link carries a mark, ``?via=…``, a keyed hash of the article's id: it says nothing about
who sent it to whom, and nobody else can make one. Nothing is stored for it: while the page is
open, the browser tells us its whole address with whatever the page asks of us. The page names
its own address as canonical, so copies and search engines get it without the mark.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from urllib.parse import parse_qs, unquote

from flask import current_app, request, url_for

from kbportal.articles.shelf import ArticleCard
from kbportal.kernel.errors import PortalError
from kbportal.web.addresses import article_address, base
from kbportal.web.own_origin import referring_page
from kbportal.web.portal import portal

PARAMETER = "via"
CHANNEL = "agent_shared"
_PURPOSE = b"agent-shared\0"
_CHARACTERS = 16
_ENDS_A_SENTENCE = ".,;:!?)]}'\"»”’"


def marked_address(card: ArticleCard) -> str:
    """The public address of an article with the mark."""
    return f"{article_address(base(), card.lang, card.slug)}?{PARAMETER}={_mark(card.id)}"


def marked_path(card: ArticleCard) -> str:
    """The same within this portal."""
    return url_for("help.article", lang=card.lang, slug=card.slug, via=_mark(card.id))


def is_marked(article_id: str, mark: str | None) -> bool:
    """Whether this is our mark for that article."""
    return hmac.compare_digest(_mark(article_id).encode(), (mark or "").encode("utf-8", "replace"))


def was_sent_by_agent(article_id: str) -> bool:
    """Whether the page that makes this request shows that article by a marked link."""
    parts = referring_page()
    if parts.netloc != request.host:
        return False
    return any(is_marked(article_id, one) for one in parse_qs(parts.query).get(PARAMETER, ()))


def mark_links(text: str, *, most: int) -> str:
    """The text of an answer with a mark at each link to an article of ours.

    Left as it is where it would become longer than `most`, or without an index.
    """
    here = re.compile(rf"{re.escape(base())}/([A-Za-z-]{{2,16}})/articles/([^\s/?#<>]+)(?![?/])")
    try:
        marked = here.sub(_with_mark, text)
    except PortalError:
        return text
    return marked if len(marked) <= most else text


def _with_mark(link: re.Match[str]) -> str:
    slug = link[2].rstrip(_ENDS_A_SENTENCE)
    found = portal().live.current().shelf.article(link[1], unquote(slug))
    if found is None:
        return link[0]
    end = link[2][len(slug) :]
    return f"{link[0].removesuffix(link[2])}{slug}?{PARAMETER}={_mark(found.article.id)}{end}"


def _mark(article_id: str) -> str:
    key = str(current_app.secret_key).encode()
    digest = hmac.new(key, _PURPOSE + article_id.encode("utf-8", "replace"), hashlib.sha256)
    return base64.urlsafe_b64encode(digest.digest()).decode()[:_CHARACTERS]
