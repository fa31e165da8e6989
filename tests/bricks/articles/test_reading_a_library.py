"""A folder of files, some of them bad."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kbportal.articles.library import Library, read_library
from kbportal.articles.model import Article, Category


def write(root: Path, path: str, text: str | bytes = "Body") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def ids(library: Library) -> list[str]:
    return [article.id for article in library.articles]


def rules(library: Library) -> list[tuple[str, str]]:
    return [(problem.file, problem.rule) for problem in library.problems]


def test_articles_come_by_language_and_path(tmp_path: Path) -> None:
    for path in ("sk/b/x.md", "en/b/y.md", "en/a/deep/z.md", "en/top.md"):
        write(tmp_path, path)

    library = read_library(tmp_path)

    assert ids(library) == ["en/a/deep/z", "en/b/y", "en/top", "sk/b/x"]
    assert library.problems == ()


def test_only_the_languages_asked_for_are_read(tmp_path: Path) -> None:
    write(tmp_path, "en/a.md")
    write(tmp_path, "sk/a.md")

    assert ids(read_library(tmp_path, languages=["sk"])) == ["sk/a"]


def test_a_folder_that_is_no_language_is_reported_once(tmp_path: Path) -> None:
    for n in range(3):
        write(tmp_path, f"drafts/{n}.md")
    write(tmp_path, "images/notes.txt")

    assert rules(read_library(tmp_path)) == [("drafts", "unknown-language")]


@pytest.mark.parametrize(
    ("folder", "meant"),
    [("eng", "en"), ("EN", "en"), ("en-GB", "en"), ("English", "en"), ("slovencina", "sk"),
     ("slo", "sk")],
)  # fmt: skip
def test_a_folder_that_was_meant_as_a_language_is_reported_with_its_code(tmp_path, folder, meant):
    write(tmp_path, "en/a.md")
    write(tmp_path, f"{folder}/a.md")

    (problem,) = read_library(tmp_path, languages=["en", "sk"]).problems

    assert (problem.file, problem.rule) == (folder, "unknown-language")
    assert f"move them to {meant}/" in problem.message


def test_a_language_that_the_portal_does_not_offer_is_not_left_out_in_silence(tmp_path: Path):
    write(tmp_path, "en/a.md")
    write(tmp_path, "de/a.md")

    (problem,) = read_library(tmp_path, languages=["en"]).problems

    assert (problem.file, problem.rule) == ("de", "language-not-offered")
    assert "`languages`" in problem.message


def test_what_is_hidden_or_no_article_is_passed_over(tmp_path: Path) -> None:
    for path in (".git/a.md", "en/.hidden.md", "en/_partial.md", "en/notes.txt", "README.md"):
        write(tmp_path, path)

    assert read_library(tmp_path) == Library((), (), ())


def test_a_missing_folder_is_an_empty_library_with_a_problem(tmp_path: Path) -> None:
    library = read_library(tmp_path / "gone")

    assert library.articles == ()
    assert [problem.rule for problem in library.problems] == ["no-folder"]


def test_bad_files_are_reported_and_the_others_served(tmp_path: Path) -> None:
    write(tmp_path, "en/a/good.md")
    write(tmp_path, "en/a/latin.md", "é".encode("latin-1"))
    write(tmp_path, "en/a/huge.md", "x" * 2_000_001)
    write(tmp_path, "en/a/broken.md", "---\ntitle: [\n---\n")

    library = read_library(tmp_path)

    assert ids(library) == ["en/a/good"]
    assert rules(library) == [
        ("en/a/broken.md", "front-matter"), ("en/a/huge.md", "too-large"),
        ("en/a/latin.md", "not-utf-8"),
    ]  # fmt: skip


def test_of_two_articles_with_one_slug_the_first_by_path_is_served(tmp_path: Path) -> None:
    write(tmp_path, "en/b/same.md")
    write(tmp_path, "en/a/other.md", "---\nslug: same\n---\nBody")
    write(tmp_path, "sk/b/same.md")

    library = read_library(tmp_path)

    assert ids(library) == ["en/a/other", "sk/b/same"]
    (problem,) = library.problems
    assert (problem.file, problem.rule) == ("en/b/same.md", "duplicate-slug")
    assert "en/a/other.md" in problem.message


def test_a_link_out_of_the_folder_is_reported_and_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path, "outside/secret.md", "secret")
    root = tmp_path / "articles"
    write(root, "en/good.md")
    (root / "en/leak.md").symlink_to(secret)
    (root / "en/leaks").symlink_to(secret.parent)
    (root / "en/loop.md").symlink_to(root / "en/loop.md")
    (root / "en/inside.md").symlink_to(root / "en/good.md")

    library = read_library(root)

    assert ids(library) == ["en/good", "en/inside"]
    assert rules(library) == [
        ("en/leak.md", "unreadable"), ("en/leaks", "unreadable"), ("en/loop.md", "unreadable"),
    ]  # fmt: skip


def test_a_language_folder_that_leads_elsewhere_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, "outside/secret.md", "secret")
    root = tmp_path / "articles"
    root.mkdir()
    (root / "en").symlink_to(tmp_path / "outside")

    library = read_library(root)

    assert ids(library) == []
    assert rules(library) == [("en", "unreadable")]


def test_a_pipe_is_no_article(tmp_path: Path) -> None:
    write(tmp_path, "en/good.md")
    os.mkfifo(tmp_path / "en/pipe.md")

    assert ids(read_library(tmp_path)) == ["en/good"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_reported(tmp_path: Path) -> None:
    write(tmp_path, "en/closed.md").chmod(0)

    assert rules(read_library(tmp_path)) == [("en/closed.md", "unreadable")]


def test_categories_are_described_beside_their_articles(tmp_path: Path) -> None:
    write(tmp_path, "en/billing/a.md")
    write(tmp_path, "sk/billing/a.md")
    write(tmp_path, "fi/billing/a.md")
    write(tmp_path, "en/billing/_category.yml",
          "title: Billing\nsummary: Money.\nicon: card\norder: 2\n")  # fmt: skip
    write(tmp_path, "sk/billing/_category.yml", "title: Platby: všetko\n".replace(": v", " v"))

    assert read_library(tmp_path).categories == (
        Category("en", "billing", "Billing", "Money.", "card", 2),
        Category("fi", "billing", "Billing", "", "card", 2),
        Category("sk", "billing", "Platby všetko", "", "card", 2),
    )


@pytest.mark.parametrize("text", ["title: [", "- a", b"\xff", "order: first", "a: &a b\nc: *a"])
def test_a_broken_category_file_costs_only_its_words(tmp_path: Path, text: str | bytes) -> None:
    write(tmp_path, "en/billing/a.md")
    write(tmp_path, "en/billing/_category.yml", text)

    library = read_library(tmp_path)

    assert library.categories == (Category("en", "billing", "Billing"),)
    assert rules(library) == [("en/billing/_category.yml", "bad-category")]


REMEMBERED = Article(
    id="en/a", key="a", lang="en", category="general", slug="a", title="A", body="remembered",
    path="en/a.md", fingerprint="0" * 64,
)  # fmt: skip
LATER = datetime.now(UTC) + timedelta(days=1)


def reread(root: Path, earlier: Library) -> Library:
    return read_library(root, earlier=earlier.readings, now=LATER)


def test_a_file_that_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path, "en/a.md", "---\nstatus: odd\n---\nBody")
    first = read_library(tmp_path, now=LATER)
    readings = {"en/a.md": replace(first.readings["en/a.md"], article=REMEMBERED)}

    again = read_library(tmp_path, earlier=readings, now=LATER)

    assert again.articles == (REMEMBERED,)
    assert (again.problems, rules(again)) == (first.problems, [("en/a.md", "bad-status")])


@pytest.mark.parametrize("change", ["longer text", "other"])
def test_a_file_that_has_changed_is_read_again(tmp_path: Path, change: str) -> None:
    file = write(tmp_path, "en/a.md", "first")
    before = file.stat()
    first = read_library(tmp_path, now=LATER)

    write(tmp_path, "en/a.md", change)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert [article.body for article in reread(tmp_path, first).articles] == [change]


def test_a_file_written_a_moment_ago_is_read_again_the_next_time(tmp_path: Path) -> None:
    write(tmp_path, "en/a.md")

    assert read_library(tmp_path, now=datetime.now(UTC)).readings == {}


def test_a_slug_taken_twice_is_reported_whether_or_not_the_files_are_read(tmp_path: Path) -> None:
    write(tmp_path, "en/a/one.md")
    write(tmp_path, "en/b/one.md")
    first = read_library(tmp_path, now=LATER)

    again = reread(tmp_path, first)

    assert again == first
    assert rules(again) == [("en/b/one.md", "duplicate-slug")]
