"""The shelf of a new generation: what changed is rendered, the rest is taken over.

Pages go from the renderer to the file one by one, so that a library of any size fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from kbportal.articles.images import Image
from kbportal.articles.links import url_of
from kbportal.articles.model import Article, Problem
from kbportal.articles.rendering import render_articles
from kbportal.articles.shelf import Shelf, ShelfPage, Standing, write_shelf
from kbportal.search.build.source import Source
from kbportal.search.index.pages import Page, as_shelved
from kbportal.search.text.chunking import passages

Outcomes = Iterator[Page | Problem]

_FEW_PAGES = 50


@dataclass(frozen=True, slots=True)
class Shelved:
    """What is on a new shelf.

    Attributes:
        articles: All of them; those that cannot be rendered are not.
        fresh: Ids of those that were not taken over.
        problems: Why the others cannot be rendered.
    """

    articles: tuple[Article, ...]
    fresh: frozenset[str]
    problems: tuple[Problem, ...]


def shelve(
    source: Source, path: Path, *, earlier: Path | None, progress: Callable[[int, int], None]
) -> Shelved:
    """Write the shelf.

    Args:
        earlier: A shelf whose pages may be taken over.
    """
    articles = source.listed
    standing, images = _standing_on(earlier) if earlier else ([], set())
    changed = images ^ {(image.path, image.name) for image in source.images}
    kept = unaffected(standing, articles, changed=[path for path, _ in changed])
    missing = [article for article in articles if article.id not in kept]
    fresh: set[str] = set()
    problems: list[Problem] = []

    def taken_in() -> Iterator[ShelfPage]:
        for done, outcome in enumerate(pages, start=1):
            if isinstance(outcome, Problem):
                problems.append(outcome)
            else:
                fresh.add(outcome.article.id)
                yield as_shelved(outcome)
            progress(done, len(missing))

    with _begun(_pages(source, missing), early=len(missing) <= _FEW_PAGES) as pages:
        write_shelf(
            path, taken_in(), categories=source.categories, images=source.images,
            earlier=earlier, without=[one.id for one in standing if one.id not in kept],
        )  # fmt: skip
    there = tuple(one for one in articles if one.id in kept or one.id in fresh)
    return Shelved(there, frozenset(fresh), tuple(problems))


def rendered_pages(
    articles: Iterable[Article], *, among: Iterable[Article], images: Iterable[Image] = ()
) -> Iterator[Page | Problem]:
    """Articles rendered afresh; one that cannot be rendered comes back as a problem."""
    for article, outcome in render_articles(articles, among=among, images=images):
        if isinstance(outcome, Problem):
            yield outcome
        else:
            yield Page(article, outcome, tuple(passages(outcome.sections)))


def unaffected(
    old: Iterable[Standing], new: Iterable[Article], *, changed: Iterable[str] = ()
) -> set[str]:
    """Ids of articles that would render as before: unchanged, and so is all they may link to.

    Args:
        changed: Paths of pictures that came, went or changed.
    """
    before, after = list(old), list(new)
    moved = _addresses(before) ^ _addresses(after)
    names = {PurePosixPath(path).stem for path, _, _ in moved}
    names |= {PurePosixPath(path).name for path in changed}
    known = {one.id: one.fingerprint for one in before}
    return {
        article.id
        for article in after
        if known.get(article.id) == article.fingerprint
        and not (names and _names_any(article.body, names))
    }


@contextmanager
def _begun(pages: Outcomes, *, early: bool) -> Iterator[Outcomes]:
    """The same pages, all of them rendered early, while an earlier shelf is copied."""
    if not early:
        yield pages
        return
    with ThreadPoolExecutor(1) as beside:
        yield _once_done(beside.submit(list, pages))


def _once_done(rendered: Future[list[Page | Problem]]) -> Outcomes:
    yield from rendered.result()


def _pages(source: Source, missing: list[Article]) -> Outcomes:
    if not source.pages:
        yield from rendered_pages(missing, among=source.articles, images=source.images)
        return
    wanted = {article.id for article in missing}
    yield from (page for page in source.pages if page.article.id in wanted)


def _standing_on(path: Path) -> tuple[list[Standing], set[tuple[str, str]]]:
    """The articles on a shelf, and path and name of the pictures that it knows."""
    shelf = Shelf(path)
    try:
        return list(shelf.standing()), shelf.image_names()
    finally:
        shelf.close()


def _names_any(body: str, names: set[str]) -> bool:
    text = unquote(body)
    return any(name in text for name in names)


def _addresses(articles: Iterable[Standing | Article]) -> set[tuple[str, str, bool]]:
    return {(one.path, url_of(one), bool(one.is_public)) for one in articles}
