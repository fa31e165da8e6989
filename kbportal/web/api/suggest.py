"""What may answer a text that is still being typed."""

from __future__ import annotations

from flask import Response, jsonify

from kbportal.events.catalog import EventType, Surface
from kbportal.search.query.engine import Mode
from kbportal.web.api.hits import found, note
from kbportal.web.api.parameters import (
    LANGUAGE,
    QUERY,
    Choice,
    Whole,
    read_choice,
    read_language,
    read_query,
    read_whole,
)
from kbportal.web.api.rows import Suggested
from kbportal.web.portal import portal
from kbportal.web.timing import took_ms
from kbportal.web.visitor import is_withheld

LIMIT = Whole("limit", "How many suggestions at most.", default=3, least=1, most=5)
SURFACE = Choice(
    "surface",
    "Where it is typed: the ticket form, or a search box, whose suggestions are counted apart.",
    (Surface.FORM.value, Surface.SEARCH.value),
)
PARAMETERS = (QUERY, LANGUAGE, LIMIT, SURFACE)


def suggest() -> Response:
    """Suggestions for `q`; none where the operator has switched them off.

    In the ticket form some visitors get none, to measure what suggestions do: those that they
    would have got are computed and noted, and the answer is that of a search that found nothing.
    """
    lang, text, limit = read_language(), read_query(), read_whole(LIMIT)
    surface = Surface(read_choice(SURFACE))
    if not portal().settings.suggestions:
        return jsonify(_silence(text, lang))
    live = portal().live.current()
    results = live.engine.suggest(text, lang=lang, limit=limit)
    shown = results.offered(limit)
    withheld = surface is Surface.FORM and is_withheld()
    # Looked up for everybody, so that an answer takes as long whether it is withheld or not.
    suggestions, fallback = found(results.hits, live.shelf), found(results.fallback, live.shelf)
    answer = jsonify(
        Suggested(
            query=results.query,
            lang=results.lang,
            mode=results.mode.value,
            degraded=results.degraded,
            took_ms=results.took_ms,
            suggestions=() if withheld else suggestions,
            fallback=() if withheld else fallback,
        )
    )
    if shown:
        kind = EventType.SUGGEST_GHOST if withheld else EventType.SUGGEST_SHOWN
        note(kind, surface, shown, text=text, results=results, took_ms=took_ms())
    return answer


def _silence(text: str, lang: str) -> Suggested:
    return Suggested(text, lang, Mode.HYBRID.value, None, 0.0, (), ())
