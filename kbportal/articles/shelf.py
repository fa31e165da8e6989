"""The published form of a library: one read-only file that answers what pages ask.

Every question takes an audience and assumes the public, so that a draft or a staff article
cannot appear because somebody forgot to exclude it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from kbportal.articles.model import VERSION_B, Article, Category
from kbportal.articles.records import load_article, load_outline
from kbportal.articles.shelf_file import (
    SHELF_FORMAT,
    PassageRow,
    ReadOnlyFile,
    ShelfPage,
    ShelfUnusable,
    write_shelf,
)
from kbportal.articles.shelved import (
    CARD_COLUMNS,
    ArticleCard,
    ShelvedArticle,
    Standing,
    card_from,
)

__all__ = ["ArticleCard", "PassageRow", "Reader", "Shelf", "ShelfPage", "ShelfUnusable",
           "ShelvedArticle", "Standing", "write_shelf"]  # fmt: skip

Reader = Literal["public", "staff"]

_PAGE = "record, html, outline"


class Shelf:
    """Reads one shelf file from any number of threads; staff see drafts and archived ones too.

    Raises:
        ShelfUnusable: At once, if the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._file = ReadOnlyFile(path)
        try:
            ((found,),) = self._file.rows("PRAGMA user_version")
            self._file.rows("SELECT 1 FROM articles LIMIT 1")
        except sqlite3.Error as error:
            raise ShelfUnusable(f"cannot read {path}: {error}", path=str(path)) from error
        if found != SHELF_FORMAT:
            raise ShelfUnusable(f"{path} has format {found}, not {SHELF_FORMAT}", path=str(path))

    def article(
        self, lang: str, slug: str, *, audience: Reader = "public"
    ) -> ShelvedArticle | None:
        """The article at this address, if this reader may see it."""
        return self._page("lang = ? AND slug = ?", lang, slug, audience=audience)

    def by_id(self, article_id: str, *, audience: Reader = "public") -> ShelvedArticle | None:
        """The article with this id, if this reader may see it."""
        return self._page("id = ?", article_id, audience=audience)

    def card(self, article_id: str, *, audience: Reader = "public") -> ArticleCard | None:
        """What lists show of the article with this id, if this reader may see it."""
        return next(self._cards("id = ?", article_id, audience=audience), None)

    def version_b(self, article_id: str) -> ShelvedArticle | None:
        """The version to try beside an article that customers may read, if there is one."""
        found = self.by_id(f"{article_id}{VERSION_B}", audience="staff")
        is_shown = found and found.article.is_shown and self.card(article_id)
        return found if is_shown else None

    def tested(self) -> list[str]:
        """Ids of the public articles beside which there is a version to try."""
        rows = self._rows(
            "SELECT a.id FROM articles b JOIN articles a ON b.id = a.id || ?"
            " WHERE substr(b.id, -2) = ? AND b.status = ? AND b.audience = ? AND a.public"
            " ORDER BY a.id",
            VERSION_B, VERSION_B, "published", "public",
        )  # fmt: skip
        return [article_id for (article_id,) in rows]

    def categories(self, lang: str, *, audience: Reader = "public") -> list[tuple[Category, int]]:
        """Categories in display order, each with how many articles this reader finds in it.

        Those in which this reader finds nothing are left out.
        """
        rows = self._rows(
            "SELECT c.lang, c.slug, c.title, c.summary, c.icon, c.position, count(*) AS n"
            " FROM categories c JOIN articles a ON a.lang = c.lang AND a.category = c.slug"
            " WHERE c.lang = ? AND a.public >= ? GROUP BY c.slug ORDER BY c.position, c.sort_key",
            lang, _least(audience),
        )  # fmt: skip
        return [(Category(*row[:6]), row[6]) for row in rows]

    def in_category(
        self, lang: str, category: str, *, audience: Reader = "public"
    ) -> list[ArticleCard]:
        """The articles of a category by title."""
        return list(
            self._cards(
                "lang = ? AND category = ?", lang, category,
                audience=audience, order="sort_key, slug",
            )
        )  # fmt: skip

    def translations(self, key: str, *, audience: Reader = "public") -> dict[str, str]:
        """Language → slug of every translation of one article, itself included."""
        return dict(
            self._rows(
                "SELECT lang, slug FROM articles WHERE key = ? AND public >= ?"
                " ORDER BY lang, id DESC",
                key, _least(audience),
            )
        )  # fmt: skip

    def family(self, key: str, *, audience: Reader = "public") -> dict[str, ArticleCard]:
        """Language → card of every translation of one article, itself included."""
        cards = self._cards("key = ?", key, audience=audience, order="lang, id DESC")
        return {card.lang: card for card in cards}

    def faq(self, lang: str, *, audience: Reader = "public") -> list[ShelvedArticle]:
        """The articles marked for the FAQ page, by category and title."""
        return list(
            self._pages("lang = ? AND faq", lang, audience=audience, order="category, sort_key")
        )

    def redirect(self, lang: str, old_slug: str, *, audience: Reader = "public") -> str | None:
        """The slug that an article has now, given one that it had."""
        rows = self._rows(
            "SELECT slug FROM redirects WHERE lang = ? AND old_slug = ? AND public >= ?",
            lang, old_slug, _least(audience),
        )  # fmt: skip
        return next((slug for (slug,) in rows), None)

    def newest(
        self, lang: str, n: int, *, category: str | None = None, audience: Reader = "public"
    ) -> list[ArticleCard]:
        """The `n` most recently updated articles, perhaps of one category; undated ones last."""
        return list(
            self._cards(
                "lang = ? AND (? IS NULL OR category = ?)",
                lang,
                category,
                category,
                audience=audience,
                order=f"updated DESC, slug LIMIT {max(0, int(n))}",
            )
        )

    def public_articles(self) -> Iterator[ArticleCard]:
        """Every public article, by language and slug: the sitemap."""
        return self._cards("1", audience="public", order="lang, slug")

    def all_articles(self) -> Iterator[ArticleCard]:
        """Every article on the shelf, drafts included, by language and slug: for staff rooms."""
        return self._cards("substr(id, -2) <> '.b'", audience="staff", order="lang, slug")

    def owners(self) -> dict[str, str]:
        """Who looks after each article, by its id; without those that name nobody."""
        query = (
            "SELECT id, json_extract(record, '$.owner') FROM articles "
            "WHERE json_extract(record, '$.owner') <> '' ORDER BY id"
        )
        return {article_id: str(owner) for article_id, owner in self._rows(query)}

    def count(self, lang: str | None = None, *, audience: Reader = "public") -> int:
        """How many articles this reader may see, in one language or in all."""
        ((number,),) = self._rows(
            "SELECT count(*) FROM articles WHERE (? IS NULL OR lang = ?) AND public >= ?",
            lang, lang, _least(audience),
        )  # fmt: skip
        return int(number)

    def languages(self, *, audience: Reader = "public") -> dict[str, int]:
        """Language → number of articles that this reader may see; empty languages are left out."""
        return dict(
            self._rows(
                "SELECT lang, count(*) FROM articles WHERE public >= ? GROUP BY lang ORDER BY lang",
                _least(audience),
            )
        )

    def passages_of(self, article_id: str) -> list[PassageRow]:
        """The passages of an article, in order. Whether it may be shown is for the caller."""
        rows = self._rows(
            "SELECT article_id, number, section, heading, text FROM passages"
            " WHERE article_id = ? ORDER BY number",
            article_id,
        )  # fmt: skip
        return [PassageRow(*found) for found in rows]

    def passage_count(self) -> int:
        """How many passages there are."""
        ((number,),) = self._rows("SELECT count(*) FROM passages")
        return int(number)

    def image(self, name: str, *, audience: Reader = "public") -> bytes | None:
        """The picture of this name, if an article that this reader may see shows it."""
        rows = self._rows(
            "SELECT body FROM image_bodies b WHERE name = ? AND EXISTS"
            " (SELECT 1 FROM image_uses u WHERE u.name = b.name AND u.public >= ?)",
            name, _least(audience),
        ) or self._rows(
            "SELECT body FROM image_bodies i JOIN image_uses u ON u.name = i.name"
            " JOIN articles b ON b.id = u.article_id JOIN articles a ON b.id = a.id || ?"
            " WHERE i.name = ? AND b.status = ? AND b.audience = ? AND a.public LIMIT 1",
            VERSION_B, name, "published", "public",
        )  # fmt: skip
        return next((bytes(body) for (body,) in rows), None)

    def image_names(self) -> set[tuple[str, str]]:
        """Path and name of every picture that the library had, shown or not."""
        return {(path, name) for path, name in self._rows("SELECT path, name FROM images")}

    def standing(self) -> Iterator[Standing]:
        """What stands where, drafts included: enough to tell what a new library changes."""
        for row in self._rows("SELECT id, path, lang, slug, public, fingerprint FROM articles"):
            yield Standing(*row)

    def records(self) -> Iterator[Article]:
        """Every article as its file says, drafts included: for building the next shelf."""
        for (record,) in self._rows("SELECT record FROM articles"):
            yield load_article(record)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _page(self, where: str, *values: object, audience: Reader) -> ShelvedArticle | None:
        return next(self._pages(where, *values, audience=audience), None)

    def _pages(
        self, where: str, *values: object, audience: Reader, order: str = "id"
    ) -> Iterator[ShelvedArticle]:
        for record, html, outline in self._select(_PAGE, where, values, audience, order):
            yield ShelvedArticle(load_article(record), html, load_outline(outline))

    def _cards(
        self, where: str, *values: object, audience: Reader, order: str = "id"
    ) -> Iterator[ArticleCard]:
        for row in self._select(CARD_COLUMNS, where, values, audience, order):
            yield card_from(row)

    def _select(
        self, columns: str, where: str, values: tuple[object, ...], audience: Reader, order: str
    ) -> list[tuple[Any, ...]]:
        # Only this module supplies columns, conditions and order; what callers give is bound.
        query = (
            f"SELECT {columns} FROM articles"  # noqa: S608  # nosec B608
            f" WHERE {where} AND public >= ? ORDER BY {order}"
        )
        return self._rows(query, *values, _least(audience))

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._file.rows(query, *map(_storable, values))


def _least(audience: Reader) -> int:
    """The lowest value of column `public` that this reader may see; unknown readers are public."""
    return 0 if audience == "staff" else 1


def _storable(value: object) -> object:
    """Half a surrogate pair, which JSON can smuggle in, matches nothing rather than failing."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode()
    return value
