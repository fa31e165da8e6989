"""Views of people whose browser runs no script: a picture tells that the page was opened."""

from __future__ import annotations

import base64

from flask import Response, abort, request

from kbportal.events.catalog import EventType, Surface
from kbportal.web.help.library import shelf
from kbportal.web.marked_links import CHANNEL, was_sent_by_agent
from kbportal.web.visitor import record

_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def seen(lang: str, slug: str) -> Response:
    """Record a view without a reading time; prefetching browsers are not counted."""
    found = shelf().article(lang, slug)
    if found is None:
        abort(404)
    if "prefetch" not in request.headers.get("Sec-Purpose", ""):
        article_id = found.article.id
        channel = CHANNEL if was_sent_by_agent(article_id) else None
        record(EventType.ARTICLE_VIEWED, Surface.ARTICLE, article=article_id, channel=channel)
    response = Response(_PIXEL, mimetype="image/gif")
    response.cache_control.no_store = True
    return response
