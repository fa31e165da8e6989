"""What to read next: the articles that search finds nearest to this one, then its topic.

Search is asked once per article and generation (7 ms of processor time over the demo); after
that the answer is at hand, so that a page which many open costs what it cost before.
"""

from __future__ import annotations

from collections.abc import Collection
from weakref import WeakKeyDictionary

from kbportal.articles.shelf import ArticleCard
from kbportal.search.query.engine import Engine
from kbportal.web.help.library import article_rows, engine, shelf
from kbportal.web.help.rows import ArticleRow

RELATED = 4
_NEAR = 3
_NEAR_ENOUGH = 0.5
"""Share of the best score; what is further off is rather any article of the same topic."""

_near: WeakKeyDictionary[Engine, dict[str, tuple[str, ...]]] = WeakKeyDictionary()


def related(one: ArticleCard, *, shown: Collection[str]) -> list[ArticleRow]:
    """Up to four articles, nearest first.

    Args:
        shown: Ids of articles that the page leads to already.
    """
    near = [shelf().card(article_id) for article_id in _nearest(one)]
    cards = {card.id: card for card in (*near, *_from_here_on(one)) if card}
    rest = [card for card in cards.values() if card.id != one.id and card.id not in shown]
    return article_rows(rest[:RELATED])


def _from_here_on(one: ArticleCard) -> list[ArticleCard]:
    """The others of its category, those that follow it first."""
    here = shelf().in_category(one.lang, one.category)
    at = next((i for i, card in enumerate(here) if card.id == one.id), 0)
    return [*here[at + 1 :], *here[:at]]


def _nearest(one: ArticleCard) -> tuple[str, ...]:
    """Ids in the same language, by what the article says it is about."""
    asked = engine()
    known = _near.setdefault(asked, {})
    if one.id not in known:
        found = asked.search(f"{one.title} {one.summary}", lang=one.lang, limit=_NEAR + 1)
        others = [hit for hit in found.hits if hit.article_id != one.id]
        least = _NEAR_ENOUGH * max((hit.score for hit in others), default=0.0)
        known[one.id] = tuple(hit.article_id for hit in others[:_NEAR] if hit.score >= least)
    return known[one.id]
