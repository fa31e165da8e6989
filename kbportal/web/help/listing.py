"""Which of all that matched is worth listing, and what the list can be narrowed down to.

A small library has a letter or two of any query in nearly every article. So an article is listed
when it is at least `LEAST_SHARE` as likely as the best one and shows a word of the query, or at
least `UNMARKED_SHARE` as likely without: then meaning speaks for it. The total counts these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask import url_for

from kbportal.search.query.engine import Hit, Results
from kbportal.web.categories import category_titles
from kbportal.web.help.library import engine, shelf
from kbportal.web.help.rows import FilterRow

LEAST_SHARE, UNMARKED_SHARE = 0.07, 0.35
A_FEW, MOST = 30, 100
"""So many are looked at first; so many only where all of the few were worth it."""
MOST_TAGS, LEAST_WITH_TAG = 8, 2


@dataclass(frozen=True, slots=True)
class Listed:
    """A hit that is worth listing, with the tags of its article."""

    hit: Hit
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A category and a tag that hits must have; empty for any."""

    query: str
    category: str = ""
    tag: str = ""

    def takes(self, one: Listed) -> bool:
        return self.category in ("", one.hit.category) and (not self.tag or self.tag in one.tags)

    def url(self, *, page: int = 1) -> str:
        """The address of the results that are narrowed down so."""
        return url_for(
            "help.search",
            q=self.query,
            category=self.category or None,
            tag=self.tag or None,
            page=page if page > 1 else None,
        )


def find(query: str, lang: str) -> tuple[Results, list[Listed]]:
    """Everything that is worth listing, best first."""
    results = engine().search(query, lang=lang, limit=A_FEW)
    hits = worth_listing(results.hits)
    if len(hits) == A_FEW and results.total > A_FEW:
        results = engine().search(query, lang=lang, limit=MOST)
        hits = worth_listing(results.hits)
    return results, [Listed(hit, _tags(hit)) for hit in hits]


def worth_listing(hits: Sequence[Hit]) -> list[Hit]:
    """The hits without those that are weak beside the first."""
    best = hits[0].score if hits else 0.0
    return [hit for hit in hits if hit.score >= best * _least(hit)]


def known(wanted: Narrowing, listed: Iterable[Listed]) -> Narrowing:
    """The narrowing without what no hit has, as after an article moved."""
    found = list(listed)
    for less in (wanted, replace(wanted, tag=""), replace(wanted, category="")):
        if any(less.takes(one) for one in found):
            return less
    return Narrowing(wanted.query)


def categories(listed: Sequence[Listed], chosen: Narrowing, *, lang: str) -> list[FilterRow]:
    """Each category with how many hits it leaves, the fullest first; none if there is but one."""
    titles = category_titles(lang)
    free = replace(chosen, category="")
    counts = Counter(one.hit.category for one in listed if free.takes(one))
    if len(counts) < 2 and not chosen.category:
        return []
    return [
        _row(titles.get(slug, slug), count, replace(chosen, category=slug), slug == chosen.category)
        for slug, count in counts.most_common()
    ]


def tags(listed: Sequence[Listed], chosen: Narrowing) -> list[FilterRow]:
    """The tags that several hits have and some have not; choosing one again lets go of it."""
    free = replace(chosen, tag="")
    left = [one for one in listed if free.takes(one)]
    counts = Counter(tag for one in left for tag in one.tags)
    narrowing = [
        (tag, count)
        for tag, count in counts.most_common()
        if tag == chosen.tag or LEAST_WITH_TAG <= count < len(left)
    ]
    return [
        _row(tag, count, replace(chosen, tag="" if tag == chosen.tag else tag), tag == chosen.tag)
        for tag, count in narrowing[:MOST_TAGS]
    ]


def _row(title: str, count: int, leads_to: Narrowing, is_chosen: bool) -> FilterRow:
    return FilterRow(title, count, leads_to.url(), is_chosen)


def _least(hit: Hit) -> float:
    return LEAST_SHARE if "<mark>" in hit.snippet else UNMARKED_SHARE


def _tags(hit: Hit) -> tuple[str, ...]:
    found = shelf().by_id(hit.article_id)
    return found.article.tags if found else ()
