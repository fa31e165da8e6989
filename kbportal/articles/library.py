"""A folder of Markdown as a library: every article that can be read, and what stood in the way."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kbportal.articles.article_file import read_article
from kbportal.articles.categories import categories_of
from kbportal.articles.model import Article, Category, Problem
from kbportal.articles.synonyms import Synonym, read_synonyms
from kbportal.kernel.languages import is_known


@dataclass(frozen=True, slots=True)
class Library:
    """Articles by path, the categories that they use, and the problems of reading them.

    Attributes:
        synonyms: By language, only languages that have some.
    """

    articles: tuple[Article, ...]
    categories: tuple[Category, ...]
    problems: tuple[Problem, ...]
    synonyms: Mapping[str, tuple[Synonym, ...]] = field(default_factory=dict)


def read_library(root: Path, *, languages: Sequence[str] | None = None) -> Library:
    """Read `<root>/<lang>/…/<name>.md`; nothing in there stops the rest from being read.

    Args:
        root: The articles folder; one that does not exist is an empty library with a problem.
        languages: Read only these; by default every folder that is named like a language.
    """
    problems: list[Problem] = []
    if not root.is_dir():
        message = "there is no such folder: create it, or name another"
        return Library((), (), (Problem(str(root), 1, "no-folder", "error", message),))
    articles: list[Article] = []
    synonyms: dict[str, tuple[Synonym, ...]] = {}
    for lang in _languages(root, languages, problems):
        articles += _read_language(root, lang, problems)
        if found := read_synonyms(root, lang, problems):
            synonyms[lang] = found
    categories = categories_of(root, articles, problems=problems)
    return Library(tuple(articles), tuple(categories), tuple(sorted(problems)), synonyms)


def _languages(root: Path, wanted: Sequence[str] | None, problems: list[Problem]) -> Iterator[str]:
    """The language folders; others are reported if there are articles in them."""
    for folder in sorted(entry.name for entry in root.iterdir() if entry.is_dir()):
        if folder.startswith((".", "_")) or (wanted is not None and folder not in wanted):
            continue
        if is_known(folder):
            yield folder
        elif next((root / folder).rglob("*.md"), None):
            message = "is no language, so its articles are not read: move them to en/, sk/, …"
            problems.append(Problem(folder, 1, "unknown-language", "warning", message))


def _read_language(root: Path, lang: str, problems: list[Problem]) -> Iterator[Article]:
    by_slug: dict[str, str] = {}
    for file in _files(root, root / lang, problems):
        path = file.relative_to(root).as_posix()
        article, found = read_article(file, path=path)
        problems += found
        if article is None:
            continue
        first = by_slug.setdefault(article.slug, path)
        if first == path:
            yield article
            continue
        message = f"slug `{article.slug}` is that of {first}: give this one another `slug`"
        problems.append(Problem(path, 1, "duplicate-slug", "error", message))


def _files(root: Path, folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """Every article file below a folder by path; what is hidden or no ordinary file is not.

    Linked folders are not followed: they could lead in circles.
    """
    if not _leads_inside(folder, root):
        problems.append(_unreadable(root, folder, "is a link out of the articles folder"))
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        problems.append(_unreadable(root, folder, f"cannot be opened: {error.strerror}"))
        return
    for entry in entries:
        place = Path(entry.path)
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(root, place, problems)
        elif entry.is_symlink() and not _leads_inside(place, root):
            problems.append(_unreadable(root, place, "is a link out of the articles folder"))
        elif entry.name.lower().endswith(".md") and _is_ordinary(place):
            yield place


def _leads_inside(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return False


def _is_ordinary(file: Path) -> bool:
    try:
        return stat.S_ISREG(file.stat().st_mode)
    except OSError:
        return False


def _unreadable(root: Path, place: Path, reason: str) -> Problem:
    path = place.relative_to(root).as_posix()
    return Problem(path, 1, "unreadable", "error", f"{reason}: it is not read")
