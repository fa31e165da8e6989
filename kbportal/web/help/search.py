"""The search page: everything that matches, or what helps when nothing does."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request, url_for

from kbportal.events.catalog import EventType, Surface
from kbportal.kernel.text import normalise
from kbportal.search.query.engine import Results
from kbportal.web.help.hits import hit_rows, shown
from kbportal.web.help.library import article_rows, category_rows, engine, shelf
from kbportal.web.help.rows import PageLinks
from kbportal.web.visitor import record

PER_PAGE = 10
LAST_PAGE = 20
POPULAR = 5
MAX_QUERY = 512


@dataclass(frozen=True, slots=True)
class Found:
    """Results, what was really searched for, and what may have been meant."""

    results: Results
    searched_for: str
    correction: str | None


def search(lang: str) -> Response:
    """Results for `q`; without words, the topics."""
    query = normalise(request.args.get("q", ""))[:MAX_QUERY]
    if not query:
        html = render_template("help/search_start.html", categories=category_rows(lang))
        return make_response(html)
    number = _page_number()
    found = _find(query, lang, number)
    _note(query, found.results, number)
    return make_response(
        render_template(
            "help/search.html",
            query=query,
            searched_for=found.searched_for,
            correction=found.correction,
            total=found.results.total,
            hits=hit_rows(found.results.hits, lang=lang),
            elsewhere=hit_rows(found.results.fallback, lang=lang),
            popular=[] if found.results.hits else article_rows(shelf().newest(lang, POPULAR)),
            pages=_links(query, number, found.results.total),
        )
    )


def _page_number() -> int:
    number = request.args.get("page", 1, type=int)
    return min(max(number, 1), LAST_PAGE)


def _find(query: str, lang: str, number: int) -> Found:
    """The results; those of the corrected query where the query itself finds nothing."""
    offset = (number - 1) * PER_PAGE
    results = engine().search(query, lang=lang, limit=PER_PAGE, offset=offset)
    if results.total or not results.correction:
        return Found(results, query, results.correction)
    corrected = engine().search(results.correction, lang=lang, limit=PER_PAGE, offset=offset)
    if corrected.total:
        return Found(corrected, results.correction, None)
    return Found(results, query, results.correction)


def _note(query: str, results: Results, number: int) -> None:
    """One search is one event, however many pages of it are read."""
    if number > 1 or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return
    record(
        EventType.SEARCH,
        Surface.SEARCH,
        query=query,
        results=shown(results.hits),
        index_generation=results.generation,
        ranker_version=results.ranker,
    )


def _links(query: str, number: int, total: int) -> PageLinks:
    last = min(LAST_PAGE, max(1, -(-total // PER_PAGE)))

    def url(page: int) -> str:
        if not 1 <= page <= last:
            return ""
        return url_for("help.search", q=query, page=page if page > 1 else None)

    return PageLinks(number, last, url(number - 1), url(number + 1))
