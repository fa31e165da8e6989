"""Writing a shelf: a whole library, rendered, in one SQLite file that is never changed again.

A new shelf may start as a copy of an earlier one, so that one changed article costs one row.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from kbportal.articles.images import Image
from kbportal.articles.model import Article, Category
from kbportal.articles.records import dump_article, dump_outline
from kbportal.articles.shelf_images import IMAGES_SCHEMA, keep_images, note_uses
from kbportal.kernel.durable import sync
from kbportal.kernel.errors import PortalError
from kbportal.kernel.text import fold
from kbportal.markup.model import Rendered

SHELF_FORMAT = 3

_SCHEMA = f"""
PRAGMA user_version = {SHELF_FORMAT};
CREATE TABLE articles (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, lang TEXT NOT NULL, category TEXT NOT NULL,
    slug TEXT NOT NULL, title TEXT NOT NULL, summary TEXT NOT NULL, updated TEXT NOT NULL,
    status TEXT NOT NULL, audience TEXT NOT NULL, public INTEGER NOT NULL, faq INTEGER NOT NULL,
    sort_key TEXT NOT NULL, path TEXT NOT NULL, fingerprint TEXT NOT NULL, record TEXT NOT NULL,
    html TEXT NOT NULL, outline TEXT NOT NULL, UNIQUE (lang, slug));
CREATE INDEX articles_by_key ON articles (key, lang, slug, public);
CREATE INDEX articles_by_category ON articles (lang, category, sort_key, public);
CREATE INDEX articles_by_date ON articles (lang, updated, public);
CREATE INDEX articles_by_faq ON articles (lang, sort_key) WHERE faq;
CREATE TABLE categories (
    lang TEXT NOT NULL, slug TEXT NOT NULL, title TEXT NOT NULL, summary TEXT NOT NULL,
    icon TEXT NOT NULL, position INTEGER NOT NULL, sort_key TEXT NOT NULL,
    PRIMARY KEY (lang, slug));
CREATE TABLE redirects (
    lang TEXT NOT NULL, old_slug TEXT NOT NULL, article_id TEXT NOT NULL, slug TEXT NOT NULL,
    public INTEGER NOT NULL, PRIMARY KEY (lang, old_slug, article_id)) WITHOUT ROWID;
CREATE INDEX redirects_by_article ON redirects (article_id);
CREATE TABLE passages (
    article_id TEXT NOT NULL, number INTEGER NOT NULL, section TEXT NOT NULL,
    heading TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (article_id, number)) WITHOUT ROWID;
{IMAGES_SCHEMA}"""


class ShelfUnusable(PortalError):
    """The file is missing, damaged, or of another version of the portal."""

    code: ClassVar[str] = "shelf_unusable"


class ReadOnlyFile:
    """A finished SQLite file that any number of threads ask, one at a time; it never changes.

    It is opened once: a file that is deleted later can still be read. Answers are fetched whole
    under the lock, because cursors of one connection are not safe in several threads.

    Raises:
        ShelfUnusable: There is no such file.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro&immutable=1",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
            )
        except sqlite3.Error as error:
            raise ShelfUnusable(f"cannot open {path}: {error}", path=str(path)) from error

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of the answer. Raises sqlite3.Error when the file is damaged."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A piece of an article's text: the anchor and heading of its section, and what it says."""

    article_id: str
    number: int
    section: str
    heading: str
    text: str


ShelfPage = tuple[Article, Rendered, Sequence[PassageRow]]
"""An article as it is put on the shelf."""


def write_shelf(
    path: Path,
    pages: Iterable[ShelfPage],
    *,
    categories: Iterable[Category] = (),
    images: Iterable[Image] = (),
    earlier: Path | None = None,
    without: Iterable[str] = (),
) -> None:
    """Write the file in full and put it in place in one step; a reader sees all of it or none.

    Args:
        pages: Taken one by one, so that a large library need not be in memory.
        images: All of the library; those that its articles show are put on the shelf.
        earlier: A finished shelf to start from: `pages` are added to what is on it.
        without: Ids of articles to take off the earlier shelf first.

    Raises:
        sqlite3.IntegrityError: Two articles share an id, or a slug within a language.
        OSError, sqlite3.OperationalError: The disk refuses.
    """
    unfinished = path.with_name(path.name + ".writing")
    unfinished.unlink(missing_ok=True)
    if earlier:
        shutil.copyfile(earlier, unfinished)
    with closing(sqlite3.connect(unfinished, isolation_level=None)) as shelf:
        shelf.execute("PRAGMA journal_mode = OFF")
        shelf.execute("PRAGMA synchronous = OFF")
        if not earlier:
            shelf.executescript(_SCHEMA)
        shelf.execute("BEGIN")
        _take_off(shelf, without)
        _fill(shelf, pages, categories)
        keep_images(shelf, images)
        shelf.execute("COMMIT")
        if not earlier:
            shelf.execute("ANALYZE")
    sync(unfinished)
    unfinished.replace(path)
    sync(path.parent)


def _take_off(shelf: sqlite3.Connection, article_ids: Iterable[str]) -> None:
    shelf.execute("DELETE FROM categories")
    for article_id in article_ids:
        shelf.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        shelf.execute("DELETE FROM redirects WHERE article_id = ?", (article_id,))
        shelf.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
        shelf.execute("DELETE FROM image_uses WHERE article_id = ?", (article_id,))


def _fill(
    shelf: sqlite3.Connection, pages: Iterable[ShelfPage], categories: Iterable[Category]
) -> None:
    for article, rendered, passages in pages:
        shelf.execute(_insert("articles", 18), _article_row(article, rendered))
        shelf.executemany(_insert("redirects", 5), _redirects(article))
        note_uses(shelf, article.id, rendered.html, is_public=article.is_public)
        rows = ((p.article_id, p.number, p.section, p.heading, p.text) for p in passages)
        shelf.executemany(_insert("passages", 5), rows)
    shelf.executemany(_insert("categories", 7), map(_category_row, categories))


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"  # noqa: S608  # nosec B608


def _article_row(article: Article, rendered: Rendered) -> tuple[object, ...]:
    return (
        article.id, article.key, article.lang, article.category, article.slug, article.title,
        article.summary, article.updated.isoformat() if article.updated else "",
        article.status.value, article.audience.value, article.is_public, article.faq,
        fold(article.title), article.path, article.fingerprint, dump_article(article),
        rendered.html, dump_outline(rendered.outline),
    )  # fmt: skip


def _redirects(article: Article) -> Iterator[tuple[object, ...]]:
    for old_slug in dict.fromkeys(article.redirect_from):
        yield article.lang, old_slug, article.id, article.slug, article.is_public


def _category_row(category: Category) -> tuple[object, ...]:
    return (
        category.lang, category.slug, category.title, category.summary, category.icon,
        category.order, fold(category.title),
    )  # fmt: skip
