"""Articles made ready for search and for readers: rendered once, cut into passages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from kbportal.articles.links import link_targets
from kbportal.articles.model import Article, Problem
from kbportal.articles.rendering import render_articles
from kbportal.articles.shelf import Shelf
from kbportal.markup.model import Rendered
from kbportal.search.chunking import Passage, passages

LEAD_WORDS = 40
NAME_WORDS = 12

Learned = Mapping[str, tuple[str, ...]]
"""Article id → texts of resolved tickets that it answered."""


@dataclass(frozen=True, slots=True)
class Page:
    """One article with what readers see and what search matches."""

    article: Article
    rendered: Rendered
    passages: tuple[Passage, ...]
    learned: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """Every text known to be answered here: the editor's and the customers'."""
        return self.article.answers + self.learned

    @property
    def body(self) -> str:
        return "\n".join(f"{passage.heading}\n{passage.text}" for passage in self.passages)

    @property
    def name(self) -> str:
        """The title or, of an article without one, its first words."""
        return self.article.title or " ".join(self.body.split()[:NAME_WORDS])

    @property
    def text(self) -> str:
        """All that is said in the article, title and questions included."""
        return "\n".join((self.article.title, self.article.summary, *self.questions, self.body))

    @property
    def lead(self) -> str:
        """What the article says it is about: title, questions, summary and the first words."""
        first = " ".join(self.body.split()[:LEAD_WORDS])
        return "\n".join((self.article.title, *self.questions, self.article.summary, first))


def collect_pages(
    articles: Sequence[Article],
    *,
    learned: Learned,
    shelf: Shelf | None,
    progress: Callable[[int, int], None],
) -> tuple[list[Page], list[Problem]]:
    """Every article that can be rendered as a page, and what is wrong with the others.

    Args:
        shelf: Of an earlier generation; articles that would render as there are taken over.
    """
    kept = _unaffected_on(shelf, articles) if shelf else set()
    pages: list[Page] = []
    problems: list[Problem] = []
    if shelf:
        pages += shelved_pages(shelf, (a for a in articles if a.id in kept), learned=learned)
    missing = [article for article in articles if article.id not in kept]
    outcomes = rendered_pages(missing, among=articles, learned=learned)
    for done, outcome in enumerate(outcomes, start=1):
        if isinstance(outcome, Page):
            pages.append(outcome)
        else:
            problems.append(outcome)
        progress(done, len(missing))
    return pages, problems


def rendered_pages(
    articles: Iterable[Article], *, among: Iterable[Article], learned: Learned
) -> Iterator[Page | Problem]:
    """Articles rendered afresh; one that cannot be rendered comes back as a problem."""
    for article, outcome in render_articles(articles, among=among):
        if isinstance(outcome, Problem):
            yield outcome
        else:
            found = tuple(passages(outcome.sections))
            yield Page(article, outcome, found, learned.get(article.id, ()))


def shelved_pages(shelf: Shelf, wanted: Iterable[Article], *, learned: Learned) -> Iterator[Page]:
    """Articles as an earlier generation rendered them."""
    for article in wanted:
        found = shelf.by_id(article.id, audience="staff")
        if found:
            kept = tuple(
                Passage(row.section, row.heading, row.text) for row in shelf.passages_of(article.id)
            )
            rendered = Rendered(found.html, found.outline)
            yield Page(article, rendered, kept, learned.get(article.id, ()))


def unaffected(old: Iterable[Article], new: Iterable[Article]) -> set[str]:
    """Ids of articles that would render as before: unchanged, and so is all they may link to."""
    before, after = list(old), list(new)
    moved = _addresses(before) ^ _addresses(after)
    names = {PurePosixPath(path).stem for path, _, _ in moved}
    known = {article.id: article.fingerprint for article in before}
    return {
        article.id
        for article in after
        if known.get(article.id) == article.fingerprint
        and not any(name in unquote(article.body) for name in names)
    }


def _unaffected_on(shelf: Shelf, articles: Iterable[Article]) -> set[str]:
    found = (shelf.by_id(card.id, audience="staff") for card in shelf.all_articles())
    return unaffected([one.article for one in found if one], articles)


def _addresses(articles: Iterable[Article]) -> set[tuple[str, str, bool]]:
    listed = list(articles)
    targets = link_targets(listed)
    return {(article.path, targets[article.path], article.is_public) for article in listed}
