"""Everything that matches, page by page."""

from __future__ import annotations

from flask import Response, jsonify

from kbportal.events.catalog import EventType, Surface
from kbportal.web.api.hits import found, note
from kbportal.web.api.parameters import (
    LANGUAGE,
    QUERY,
    Whole,
    read_language,
    read_query,
    read_whole,
)
from kbportal.web.api.rows import Searched
from kbportal.web.portal import portal

PER_PAGE = 10
PAGE = Whole("page", f"Which page of {PER_PAGE} hits.", default=1, least=1, most=100)
PARAMETERS = (QUERY, LANGUAGE, PAGE)


def search() -> Response:
    """One page of hits for `q`. A search is recorded once, with its first page."""
    lang, text, page = read_language(), read_query(), read_whole(PAGE)
    live = portal().live.current()
    offset = (page - 1) * PER_PAGE
    results = live.engine.search(text, lang=lang, limit=PER_PAGE, offset=offset)
    if text and page == 1:
        shown = results.hits or results.fallback
        note(EventType.SEARCH, Surface.SEARCH, shown, text=text, results=results)
    return jsonify(
        Searched(
            query=results.query,
            lang=results.lang,
            mode=results.mode.value,
            degraded=results.degraded,
            took_ms=results.took_ms,
            hits=found(results.hits, live.shelf),
            total=results.total,
            page=page,
            correction=results.correction,
            fallback=found(results.fallback, live.shelf),
        )
    )
