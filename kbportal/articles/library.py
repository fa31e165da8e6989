"""A folder of Markdown as a library: every article that can be read, and what stood in the way."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from kbportal.articles.article_file import read_article
from kbportal.articles.categories import categories_of
from kbportal.articles.model import Article, Category, Problem
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
        readings: By path, what need not be read again while its stamp is the same.
    """

    articles: tuple[Article, ...]
    categories: tuple[Category, ...]
    problems: tuple[Problem, ...]
    readings: Mapping[str, Reading] = field(default_factory=dict)


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
    for lang in _languages(root, languages, problems):
        readings += _read_language(root, lang, earlier, problems)
    articles = tuple(reading.article for reading in readings)
    categories = categories_of(root, articles, problems=problems)
    settled = int(now.timestamp() * 1e9) - _SETTLED_NS if now else 0
    known = {one.article.path: one for one in readings if max(one.stamp[1:3]) < settled}
    return Library(articles, tuple(categories), tuple(sorted(problems)), readings=known)


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


def _read_language(
    root: Path, lang: str, earlier: Mapping[str, Reading], problems: list[Problem]
) -> Iterator[Reading]:
    by_slug: dict[str, str] = {}
    for file in _files(root, root / lang, problems):
        path = file.relative_to(root).as_posix()
        reading = _read(file, path, earlier.get(path), problems)
        if reading is None:
            continue
        slug = reading.article.slug
        first = by_slug.setdefault(slug, path)
        if first == path:
            yield reading
            continue
        message = f"slug `{slug}` is that of {first}: give this one another `slug`"
        problems.append(Problem(path, 1, "duplicate-slug", "error", message))


def _read(
    file: Path, path: str, earlier: Reading | None, problems: list[Problem]
) -> Reading | None:
    """The file's reading, the earlier one if it has not changed; None if it has no article."""
    stamp = _stamp(file)
    if earlier and earlier.stamp == stamp:
        problems += earlier.problems
        return earlier
    article, found = read_article(file, path=path)
    problems += found
    return Reading(stamp, article, tuple(found)) if article else None


def _stamp(file: Path) -> Stamp:
    """Of the file that a link leads to; all zero, like no other, when it is gone."""
    try:
        found = file.stat()
    except OSError:
        return 0, 0, 0, 0
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


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
