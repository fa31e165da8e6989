"""The search page: everything that is worth listing, or what helps when nothing is.

Its address holds all of its state, so that Back, a reload and a link give the same page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, render_template, request

from kbportal.events.catalog import EventType, Surface
from kbportal.kernel.text import normalise
from kbportal.search.query.engine import Hit, Results
from kbportal.web.help import listing
from kbportal.web.help.hits import hit_rows, shown
from kbportal.web.help.library import article_rows, category_rows, popular_rows, shelf
from kbportal.web.help.listing import Listed, Narrowing
from kbportal.web.help.rows import PageLinks
from kbportal.web.visitor import record

PER_PAGE = 10
POPULAR = 6
MAX_QUERY = 512
MAX_FILTER = 200


@dataclass(frozen=True, slots=True)
class Found:
    """Results, what was really searched for, and what may have been meant."""

    results: Results
    listed: list[Listed]
    searched_for: str
    correction: str | None


def search(lang: str) -> Response:
    """Results for `q`, perhaps of one `category` or `tag`; without words, the topics."""
    query = _text("q", MAX_QUERY)
    if not query:
        html = render_template("help/search_start.html", categories=category_rows(lang))
        return make_response(html)
    found = _find(query, lang)
    wanted = Narrowing(query, _text("category", MAX_FILTER), _text("tag", MAX_FILTER))
    chosen = listing.known(wanted, found.listed)
    left = [one.hit for one in found.listed if chosen.takes(one)]
    pages = _links(chosen, len(left))
    here = left[(pages.number - 1) * PER_PAGE :][:PER_PAGE]
    if pages.number == 1 and chosen == Narrowing(query):
        _note(query, found.results, here)
    return make_response(
        render_template(
            "help/search.html",
            query=query,
            searched_for=found.searched_for,
            correction=found.correction,
            total=len(left),
            is_most=len(found.listed) == listing.MOST,
            hits=hit_rows(here, lang=lang),
            elsewhere=hit_rows(found.results.fallback, lang=lang),
            categories=listing.categories(found.listed, chosen, lang=lang),
            all_topics=Narrowing(query, tag=chosen.tag).url(),
            any_topic=not chosen.category,
            tags=listing.tags(found.listed, chosen),
            popular=[] if left else popular_rows(lang, POPULAR),
            newest=[] if left else article_rows(shelf().newest(lang, POPULAR)),
            pages=pages,
        )
    )


def _text(name: str, longest: int) -> str:
    return normalise(request.args.get(name, ""))[:longest].strip()


def _find(query: str, lang: str) -> Found:
    """The results; those of the corrected query where the query itself finds nothing."""
    results, listed = listing.find(query, lang)
    if listed or not results.correction:
        return Found(results, listed, query, results.correction)
    corrected, better = listing.find(results.correction, lang)
    if better:
        return Found(corrected, better, results.correction, None)
    return Found(results, listed, query, results.correction)


def _note(query: str, results: Results, hits: Sequence[Hit]) -> None:
    """One search is one event, however many pages of it are read and however it is narrowed."""
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return
    record(
        EventType.SEARCH,
        Surface.SEARCH,
        query=query,
        results=shown(hits),
        index_generation=results.generation,
        ranker_version=results.ranker,
    )


def _links(chosen: Narrowing, total: int) -> PageLinks:
    last = max(1, -(-total // PER_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), last)

    def url(page: int) -> str:
        return chosen.url(page=page) if 1 <= page <= last else ""

    return PageLinks(number, last, url(number - 1), url(number + 1))
