"""What search found, as answers give it and as the event log keeps it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from kbportal.articles.shelf import Shelf
from kbportal.events.catalog import MAX_RESULTS, EventType, Shown, Surface
from kbportal.search.query.engine import Hit, Results
from kbportal.web.api.origins import is_listed_site
from kbportal.web.api.rows import Found
from kbportal.web.categories import category_titles
from kbportal.web.versions import as_seen, running
from kbportal.web.visitor import recognised, record


def found(hits: Iterable[Hit], shelf: Shelf) -> tuple[Found, ...]:
    """Hits as an answer gives them."""
    who = recognised() if running(shelf) else None
    hits = [as_seen(hit, who, shelf) for hit in hits]
    return tuple(
        Found(
            id=hit.article_id,
            lang=hit.lang,
            slug=hit.slug,
            title=hit.title,
            url=hit.url,
            section=hit.section,
            heading=hit.heading if hit.section else "",
            snippet=hit.snippet,
            category=category_titles(hit.lang).get(hit.category, ""),
            updated=hit.updated.isoformat() if hit.updated else None,
            score=hit.score,
        )
        for hit in hits
    )


def note(
    kind: EventType,
    surface: Surface,
    shown: tuple[Hit, ...],
    *,
    text: str,
    results: Results,
    offset: int = 0,
    took_ms: int | None = None,
) -> None:
    """Record what was shown, unless a browser asked ahead of its reader; never waits."""
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return
    record(
        kind,
        Surface.WIDGET if is_listed_site() else surface,
        query=text,
        results=_shown(shown, offset),
        index_generation=results.generation,
        ranker_version=results.ranker,
        took_ms=took_ms,
    )


def _shown(hits: tuple[Hit, ...], offset: int) -> tuple[Shown, ...]:
    return tuple(
        Shown(hit.article_id, hit.section, offset + rank, hit.score)
        for rank, hit in enumerate(hits[:MAX_RESULTS], 1)
    )
