"""The published form of a library."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kbportal.articles.model import Article, Audience, Category, Status
from kbportal.articles.shelf import PassageRow, Shelf, ShelfUnusable, ShelvedArticle, write_shelf
from kbportal.markup.model import Heading, Rendered

PAGE = Rendered("<p>ž</p>", (Heading(2, "a", "A"),))


def an_article(name: str, **facts: object) -> Article:
    lang, category, slug = name.split("/")
    plain = Article(
        id=name, key=f"{category}/{slug}", lang=lang, category=category, slug=slug,
        title=slug.title(), body="ž", path=f"{name}.md", fingerprint="0" * 64,
    )  # fmt: skip
    return replace(plain, **facts)  # type: ignore[arg-type]


HIDDEN = [
    an_article("en/a/draft", status=Status.DRAFT, faq=True, redirect_from=("old", "once")),
    an_article("en/a/internal", audience=Audience.STAFF, faq=True, updated=date(2026, 6, 1)),
    an_article("en/hidden/archived", status=Status.ARCHIVED, key="a/one"),
]
OPEN = [
    an_article("en/a/two", updated=date(2026, 5, 1), faq=True, redirect_from=("old",)),
    an_article("en/a/one", title="Árvíz", summary="S", tags=("t",), answers=("Q?",),
               updated=date(2026, 4, 1), review_by=date(2027, 1, 1), extra={"x": ["y"]}),
    an_article("sk/a/jeden", key="a/one"),
]  # fmt: skip
CATEGORIES = [
    Category("en", "a", "Account", order=2), Category("en", "hidden", "Hidden", order=1),
    Category("sk", "a", "Účet"),
]  # fmt: skip


def passages_of(article: Article) -> list[PassageRow]:
    return [PassageRow(article.id, number, "a", "A", f"žltý {number}") for number in range(2)]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    path = tmp_path / "shelf.sqlite"
    pages = [(article, PAGE, passages_of(article)) for article in HIDDEN + OPEN]
    write_shelf(path, pages, categories=CATEGORIES)
    return Shelf(path)


def test_an_article_comes_back_as_it_was(shelf: Shelf) -> None:
    assert shelf.article("en", "one") == ShelvedArticle(OPEN[1], PAGE.html, PAGE.outline)
    assert shelf.by_id("en/a/one") == shelf.article("en", "one")


def test_what_is_not_there_is_none(shelf: Shelf) -> None:
    assert shelf.article("sk", "one") is None
    assert shelf.by_id("en/a/gone") is None
    assert shelf.redirect("en", "gone") is None
    assert shelf.passages_of("en/a/gone") == []


PUBLIC_QUESTIONS: list[Callable[[Shelf], object]] = [
    lambda shelf: [shelf.article(one.lang, one.slug) for one in HIDDEN],
    lambda shelf: [shelf.by_id(one.id) for one in HIDDEN],
    lambda shelf: [shelf.card(one.id) for one in HIDDEN],
    lambda shelf: shelf.categories("en"),
    lambda shelf: [shelf.in_category("en", "a"), shelf.in_category("en", "hidden")],
    lambda shelf: [shelf.translations(one.key) for one in HIDDEN],
    lambda shelf: shelf.faq("en"),
    lambda shelf: [shelf.redirect("en", "old"), shelf.redirect("en", "once")],
    lambda shelf: shelf.newest("en", 99),
    lambda shelf: list(shelf.public_articles()),
]


@pytest.mark.parametrize("question", PUBLIC_QUESTIONS)
def test_nothing_that_is_not_public_is_told_by_default(
    shelf: Shelf, question: Callable[[Shelf], object]
) -> None:
    told = repr(question(shelf)).lower()

    assert not any(one.slug in told for one in HIDDEN)


def test_an_audience_that_nobody_knows_sees_what_the_public_sees(shelf: Shelf) -> None:
    assert shelf.article("en", "draft", audience="root") is None  # type: ignore[arg-type]


def test_staff_see_everything(shelf: Shelf) -> None:
    assert all(shelf.by_id(one.id, audience="staff") for one in HIDDEN + OPEN)
    assert shelf.count() == 3
    assert shelf.count(audience="staff") == len(list(shelf.all_articles())) == 6
    assert shelf.languages() == {"en": 2, "sk": 1}


def test_categories_come_in_order_with_what_a_reader_finds_in_them(shelf: Shelf) -> None:
    assert shelf.categories("en") == [(CATEGORIES[0], 2)]
    assert shelf.categories("en", audience="staff") == [(CATEGORIES[1], 1), (CATEGORIES[0], 4)]


def test_a_category_lists_its_articles_by_folded_title(shelf: Shelf) -> None:
    assert [card.title for card in shelf.in_category("en", "a")] == ["Árvíz", "Two"]


def test_translations_name_the_slug_in_each_language(shelf: Shelf) -> None:
    assert shelf.translations("a/one") == {"en": "one", "sk": "jeden"}


def test_the_newest_come_first_and_the_undated_last(shelf: Shelf) -> None:
    assert [card.slug for card in shelf.newest("en", 1)] == ["two"]
    assert shelf.newest("en", -1) == []


def test_an_old_address_leads_to_the_public_article_that_claims_it(shelf: Shelf) -> None:
    assert shelf.redirect("en", "old") == "two"
    assert shelf.redirect("en", "once", audience="staff") == "draft"


def test_the_passages_of_an_article_come_in_order(shelf: Shelf) -> None:
    assert shelf.passages_of("sk/a/jeden") == passages_of(OPEN[2])


def test_every_article_comes_back_for_the_next_shelf(shelf: Shelf) -> None:
    assert sorted(one.id for one in shelf.records()) == sorted(one.id for one in HIDDEN + OPEN)


def test_a_shelf_that_starts_from_another_is_as_if_written_afresh(
    shelf: Shelf, tmp_path: Path
) -> None:
    changed = replace(OPEN[0], title="Zwei", redirect_from=("older",))
    renamed = replace(OPEN[2], id="sk/a/dva", slug="jeden")
    whole = [(article, PAGE, passages_of(article)) for article in (*HIDDEN, OPEN[1])]
    new = [(article, PAGE, passages_of(article)) for article in (changed, renamed)]
    write_shelf(tmp_path / "afresh", [*whole, *new], categories=CATEGORIES[:2])

    write_shelf(
        tmp_path / "updated", new, categories=CATEGORIES[:2],
        earlier=tmp_path / "shelf.sqlite", without=[OPEN[0].id, OPEN[2].id],
    )  # fmt: skip

    afresh, updated = (everything_on(tmp_path / name) for name in ("afresh", "updated"))
    assert updated == afresh
    assert everything_on(tmp_path / "shelf.sqlite") != updated


def everything_on(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as file:
        return {
            table: sorted(file.execute(f"SELECT * FROM {table}"))
            for table in ("articles", "categories", "redirects", "passages")
        }


def test_hostile_words_are_only_words(shelf: Shelf) -> None:
    for words in ("' OR 1=1 --", "\0", "%", "\ud800", "x" * 100_000, '"; DROP TABLE articles; --'):
        assert shelf.article(words, words) is None
        assert shelf.in_category("en", words) == []
    assert shelf.count() == 3


def test_many_threads_read_one_shelf(shelf: Shelf) -> None:
    outcomes: list[bool] = []

    def work() -> None:
        outcomes.append(all(shelf.article("en", "one") is not None for _ in range(50)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [True] * 8


def test_two_articles_at_one_address_leave_the_former_shelf_in_place(tmp_path: Path) -> None:
    path = tmp_path / "shelf.sqlite"
    write_shelf(path, [(OPEN[0], PAGE, [])])

    with pytest.raises(sqlite3.IntegrityError):
        write_shelf(path, [(OPEN[1], PAGE, []), (replace(OPEN[1], id="en/b/one"), PAGE, [])])

    assert Shelf(path).count() == 1


@pytest.mark.parametrize("content", [None, b"", b"no database" * 500])
def test_a_missing_or_damaged_file_is_told_at_once(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "shelf.sqlite"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ShelfUnusable):
        Shelf(path)


def test_a_shelf_on_a_path_with_odd_characters_can_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "a b?c#d%20"
    folder.mkdir()
    write_shelf(folder / "shelf.sqlite", [(OPEN[0], PAGE, [])])

    assert Shelf(folder / "shelf.sqlite").count() == 1
