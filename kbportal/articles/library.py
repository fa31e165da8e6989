"""A folder of Markdown and pictures as a library, and what stood in the way of reading it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from kbportal.articles.announcement import read_announcement
from kbportal.articles.article_file import read_article
from kbportal.articles.categories import categories_of
from kbportal.articles.forms import Forms, read_forms
from kbportal.articles.images import SUFFIXES, Image, read_image
from kbportal.articles.language_folders import folders_of, language_folders
from kbportal.articles.model import Article, Category, Problem
from kbportal.articles.synonyms import Synonym, read_synonyms
from kbportal.kernel.languages import is_known

# A file that was just written may be written again without its times showing it: the clocks of
# file systems tick every 2 s at worst.
_SETTLED_NS = 2_000_000_000

Stamp = tuple[int, int, int, int]
"""Size, time of the last change of the content and of the entry, inode: `touch` cannot fake all."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file said when it had this stamp; while it has, it need not be read again."""

    stamp: Stamp
    article: Article
    problems: tuple[Problem, ...] = ()


_NOTHING_READ: Mapping[str, Reading] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Library:
    """Articles by path, the categories that they use, and the problems of reading them.

    Attributes:
        synonyms: By language, only languages that have some.
        readings: By path, what need not be read again while its stamp is the same.
        images: Every picture below a folder that is read, or that is no language's, by path.
    """

    articles: tuple[Article, ...]
    categories: tuple[Category, ...]
    problems: tuple[Problem, ...]
    synonyms: Mapping[str, tuple[Synonym, ...]] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    images: tuple[Image, ...] = ()
    forms: Forms = field(default_factory=Forms)


def read_library(
    root: Path,
    *,
    languages: Sequence[str] | None = None,
    earlier: Mapping[str, Reading] = _NOTHING_READ,
    now: datetime | None = None,
) -> Library:
    """Read `<root>/<lang>/…/<name>.md`; nothing in there stops the rest from being read.

    Args:
        root: The articles folder; one that does not exist is an empty library with a problem.
        languages: Read only these; by default every folder that is named like a language.
        earlier: Readings that stand as long as the files have the same stamps.
        now: Without it no reading is offered for the next time.
    """
    problems: list[Problem] = []
    if not root.is_dir():
        message = "there is no such folder: create it, or name another"
        return Library((), (), (Problem(str(root), 1, "no-folder", "error", message),))
    readings: list[Reading] = []
    images: list[Image] = []
    synonyms: dict[str, tuple[Synonym, ...]] = {}
    for lang in language_folders(root, languages, problems):
        files = list(_files(root, lang, problems))
        readings += _articles(root, files, earlier, problems)
        images += _images(root, files, problems)
        read_announcement(root, lang, problems)
        if found := read_synonyms(root, lang, problems):
            synonyms[lang] = found
    for folder in folders_of(root):
        if not is_known(folder):
            images += _images(root, list(_files(root, folder, problems)), problems)
    articles = tuple(reading.article for reading in readings)
    categories = categories_of(root, articles, problems=problems)
    forms = read_forms(root, problems)
    settled = int(now.timestamp() * 1e9) - _SETTLED_NS if now else 0
    known = {one.article.path: one for one in readings if max(one.stamp[1:3]) < settled}
    return Library(
        articles,
        tuple(categories),
        tuple(sorted(problems)),
        synonyms=synonyms,
        readings=known,
        images=tuple(images),
        forms=forms,
    )


def _articles(
    root: Path,
    files: Sequence[tuple[str, Stamp]],
    earlier: Mapping[str, Reading],
    problems: list[Problem],
) -> Iterator[Reading]:
    """The articles among the files of one language."""
    by_slug: dict[str, str] = {}
    for path, stamp in files:
        if not path.lower().endswith(".md"):
            continue
        reading = _read(root, path, stamp, earlier.get(path), problems)
        if reading is None:
            continue
        slug = reading.article.slug
        first = by_slug.setdefault(slug, path)
        if first == path:
            yield reading
            continue
        message = f"slug `{slug}` is that of {first}: give this one another `slug`"
        problems.append(Problem(path, 1, "duplicate-slug", "error", message))


def _images(
    root: Path, files: Sequence[tuple[str, Stamp]], problems: list[Problem]
) -> Iterator[Image]:
    """The pictures among the files of one folder."""
    for path, _ in files:
        if path.lower().endswith(SUFFIXES):
            found = read_image(root / path, path=path)
            if isinstance(found, Image):
                yield found
            else:
                problems.append(found)


def _read(
    root: Path, path: str, stamp: Stamp, earlier: Reading | None, problems: list[Problem]
) -> Reading | None:
    """The file's reading, the earlier one if it has not changed; None if it has no article."""
    if earlier and earlier.stamp == stamp:
        problems += earlier.problems
        return earlier
    article, found = read_article(root / path, path=path)
    problems += found
    return Reading(stamp, article, tuple(found)) if article else None


def _files(root: Path, folder: str, problems: list[Problem]) -> Iterator[tuple[str, Stamp]]:
    """Every article and picture below a folder by path; none that is hidden or not ordinary.

    Linked folders are not followed: they could lead in circles.
    """
    if not _leads_inside(root / folder, root):
        problems.append(_unreadable(folder, "is a link out of the articles folder"))
        return
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except OSError as error:
        problems.append(_unreadable(folder, f"cannot be opened: {error.strerror}"))
        return
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(root, path, problems)
        elif entry.is_symlink() and not _leads_inside(root / path, root):
            problems.append(_unreadable(path, "is a link out of the articles folder"))
        elif entry.name.lower().endswith((".md", *SUFFIXES)) and (stamp := _stamp(entry)):
            yield path, stamp


def _stamp(entry: os.DirEntry[str]) -> Stamp | None:
    """Of the file itself, where the entry is a link; None if it is gone or no ordinary file."""
    try:
        found = entry.stat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _leads_inside(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return False


def _unreadable(path: str, reason: str) -> Problem:
    return Problem(path, 1, "unreadable", "error", f"{reason}: it is not read")
