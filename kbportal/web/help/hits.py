"""What search found, as rows and as the event log keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kbportal.events.catalog import MAX_RESULTS, Shown
from kbportal.search.query.engine import Hit
from kbportal.web.categories import category_titles
from kbportal.web.help.library import article_url, shelf
from kbportal.web.help.rows import HitRow
from kbportal.web.locale import language_name
from kbportal.web.prose import snippet_html
from kbportal.web.versions import as_seen, running
from kbportal.web.visitor import recognised


def hit_rows(hits: Iterable[Hit], *, lang: str) -> list[HitRow]:
    """Hits as lists show them; those in another language than the page's are labelled."""
    who = recognised() if running(shelf()) else None
    found = [as_seen(hit, who, shelf()) for hit in hits]
    return [
        HitRow(
            id=hit.article_id,
            title=hit.title,
            url=article_url(hit.lang, hit.slug, hit.section),
            snippet=snippet_html(hit.snippet),
            heading=hit.heading if hit.section else "",
            category=category_titles(hit.lang).get(hit.category, ""),
            updated=hit.updated,
            lang="" if hit.lang == lang else language_name(hit.lang),
            code="" if hit.lang == lang else hit.lang,
        )
        for hit in found
    ]


def shown(hits: Sequence[Hit]) -> tuple[Shown, ...]:
    """The list that a visitor saw, for the event log."""
    return tuple(
        Shown(hit.article_id, hit.section, rank, hit.score)
        for rank, hit in enumerate(hits[:MAX_RESULTS], 1)
    )
