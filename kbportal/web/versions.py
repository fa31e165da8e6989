"""Which version of an article a visitor sees while two of them are tried.

Only whoever has an id already when they ask is in a test: a page sets no cookie merely by being
opened. Everybody else, robots and the staff see the article as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from flask import Response

from kbportal.articles.shelf import Shelf, ShelvedArticle
from kbportal.deflection.trials.assignment import Assigned, assign
from kbportal.deflection.trials.content_tests import MOST_PER_EVENT, SHARES, B, experiment_of
from kbportal.kernel.errors import PortalError
from kbportal.search.query.engine import Hit
from kbportal.web.arms import arm_key
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class Trial:
    """A running test: its name, and what version B says."""

    experiment: str
    b: ShelvedArticle


# Asked for with every article that is shown, and the same for as long as a shelf is live.
_running: WeakKeyDictionary[Shelf, dict[str, Trial]] = WeakKeyDictionary()


def running(shelf: Shelf) -> Mapping[str, Trial]:
    """The tests of the live articles, by article."""
    if shelf not in _running:
        found: dict[str, Trial] = {}
        for article_id in shelf.tested():
            a, b = shelf.by_id(article_id), shelf.version_b(article_id)
            if a and b:
                prints = a.article.fingerprint, b.article.fingerprint
                found[article_id] = Trial(experiment_of(article_id, *prints), b)
        _running[shelf] = found
    return _running[shelf]


def experiments_on(articles: Iterable[str]) -> list[str]:
    """The experiments that try these articles, as many as one event can tell of."""
    try:
        tests = running(portal().live.current().shelf)
    except PortalError:
        return []
    return [tests[one].experiment for one in articles if one in tests][:MOST_PER_EVENT]


def arms_in(experiments: Iterable[str], visitor: str | None) -> dict[str, Assigned]:
    """The arms of a visitor in these experiments; none for people without an id."""
    drawn = {
        one: assign(visitor, experiment=one, key=arm_key(), shares=SHARES) for one in experiments
    }
    return {one: arm for one, arm in drawn.items() if arm}


def version_b(visitor: str | None, article_id: str, shelf: Shelf) -> ShelvedArticle | None:
    """Version B of an article, where this visitor is to see it."""
    test = running(shelf).get(article_id)
    if test is None:
        return None
    arm = arms_in([test.experiment], visitor).get(test.experiment)
    return test.b if arm and arm.arm == B else None


def blended(a: ShelvedArticle, b: ShelvedArticle | None) -> ShelvedArticle:
    """The article as readers of version B see it: what B leaves out is as in A."""
    if b is None:
        return a
    said = b.article
    article = replace(
        a.article, title=said.title or a.article.title, summary=said.summary or a.article.summary
    )
    if not said.body.strip():
        return replace(a, article=article)
    return ShelvedArticle(article, b.html, b.outline)


def as_seen(hit: Hit, visitor: str | None, shelf: Shelf) -> Hit:
    """A hit as this visitor sees its article; the place in the text is only where B has it."""
    b = version_b(visitor, hit.article_id, shelf)
    if b is None:
        return hit
    hit = replace(hit, title=b.article.title or hit.title)
    if not b.article.body.strip() or hit.section in {one.anchor for one in b.outline}:
        return hit
    return replace(hit, section="", heading="")


def not_for_all(response: Response) -> Response:
    """Say that this page may be another one for the next visitor."""
    response.cache_control.public = False
    response.cache_control.private = True
    response.vary.add("Cookie")
    return response
