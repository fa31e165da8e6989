"""What has to be done anew for each language, given the generation before.

Three things age differently. What an article says (its counts, its vectors) changes with that
article alone. What the corpus as a whole teaches (which term a word form stands for, trust and
floors) hardly changes with one article, but costs a dictionary and hundreds of rehearsals: it is
learnt again when more than LEARN_AGAIN of the articles have changed since. What depends on the
model changes with its recipe.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kbportal.articles.model import Article
from kbportal.articles.shelf import Shelf
from kbportal.search.index.pages import Learned, ShelvedPages

LEARN_AGAIN = 0.05
"""Share of a language's articles that may change before forms and trust are learnt again."""

_LEDGER = "pages.json"
_PUBLIC = "articles.json"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a language of a generation was made from.

    Attributes:
        keys: Article id → a key that changes with what the article says, or has learnt.
        learnt_on: How many articles there were when forms, trust and floors were learnt.
        changed: Ids of the articles that have changed since.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    learnt_on: int = 0
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """One language of a new generation.

    Attributes:
        pages: All of them, public ones first, then by id: the order of rows everywhere.
        public: How many are public; only these are in the arrays.
        earlier: The language's folder in the generation before, None where there is none.
        taken: (public,) int64, the row that each public page had there, -1 if it is to be read.
        fresh: Places in `pages` of those to be read, public or not.
        gone: Ids of pages that are no longer as they were in the generation before.
        learns: Whether forms, trust and floors are learnt again.
        ledger: Of the new generation.
    """

    lang: str
    pages: ShelvedPages
    public: int
    earlier: Path | None
    taken: NDArray[np.int64]
    fresh: tuple[int, ...]
    gone: tuple[str, ...]
    learns: bool
    ledger: Ledger

    @property
    def is_unchanged(self) -> bool:
        """Whether every file but those of a model can be taken over as it is."""
        return not (self.learns or self.fresh or self.gone)

    @property
    def public_pages(self) -> ShelvedPages:
        """The public ones in row order."""
        return self.pages[: self.public]


def plans(
    articles: Iterable[Article],
    shelf: Shelf,
    *,
    learned: Learned,
    rendered: frozenset[str],
    earlier: Path | None,
    learn_again: float = LEARN_AGAIN,
) -> list[Plan]:
    """What to do for each language.

    Args:
        shelf: Of the new generation; every one of `articles` is on it.
        rendered: Ids of articles rendered anew, whose passages may have changed.
        earlier: The generation before, None if nothing of it can be used.
    """
    by_lang: dict[str, list[Article]] = {}
    own_pages = (article for article in articles if not article.is_version_b)
    for article in sorted(own_pages, key=lambda one: (not one.is_public, one.id)):
        by_lang.setdefault(article.lang, []).append(article)
    found: list[Plan] = []
    for lang, own in sorted(by_lang.items()):
        before = earlier / lang if earlier and (earlier / lang / _LEDGER).exists() else None
        pages = ShelvedPages(shelf, own, learned)
        found.append(_plan(lang, pages, learned, rendered, before, learn_again))
    return found


def write_ledger(folder: Path, plan: Plan) -> None:
    """Write what the language is made from, and its public articles by row."""
    public = [article.id for article in plan.pages.articles[: plan.public]]
    (folder / _PUBLIC).write_text(json.dumps(public))
    record = {
        "keys": plan.ledger.keys,
        "learnt_on": plan.ledger.learnt_on,
        "changed": sorted(plan.ledger.changed),
    }
    (folder / _LEDGER).write_text(json.dumps(record))


def public_articles(folder: Path) -> list[str]:
    """Ids of a language's public articles by row.

    Raises:
        OSError, ValueError: The file is missing or damaged.
    """
    found: list[str] = json.loads((folder / _PUBLIC).read_text(encoding="utf-8"))
    return found


def _plan(
    lang: str,
    pages: ShelvedPages,
    learned: Learned,
    rendered: frozenset[str],
    earlier: Path | None,
    learn_again: float,
) -> Plan:
    before = _read_ledger(earlier) if earlier else Ledger()
    articles = pages.articles
    keys = {article.id: _key(article, learned.get(article.id, ())) for article in articles}
    stale = {one for one, key in keys.items() if before.keys.get(one) != key or one in rendered}
    gone = [one for one in before.keys if one not in keys or one in stale]
    changed = before.changed | stale | set(gone)
    learns = earlier is None or len(changed) > learn_again * before.learnt_on
    public = sum(article.is_public for article in articles)
    return Plan(
        lang=lang,
        pages=pages,
        public=public,
        earlier=earlier,
        taken=_taken(articles[:public], stale, earlier),
        fresh=tuple(at for at, article in enumerate(articles) if article.id in stale),
        gone=tuple(gone),
        learns=learns,
        ledger=Ledger(keys, len(keys)) if learns else Ledger(keys, before.learnt_on, changed),
    )


def _taken(articles: Sequence[Article], stale: set[str], earlier: Path | None) -> NDArray[np.int64]:
    rows = {one: row for row, one in enumerate(public_articles(earlier))} if earlier else {}
    found = (-1 if one.id in stale else rows.get(one.id, -1) for one in articles)
    return np.fromiter(found, dtype=np.int64, count=len(articles))


def _key(article: Article, learned: tuple[str, ...]) -> str:
    said = json.dumps((article.fingerprint, article.slug, learned)).encode()
    return hashlib.blake2b(said, digest_size=8).hexdigest()


def _read_ledger(folder: Path) -> Ledger:
    record = json.loads((folder / _LEDGER).read_text(encoding="utf-8"))
    return Ledger(record["keys"], int(record["learnt_on"]), frozenset(record["changed"]))
