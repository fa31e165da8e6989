"""`synonyms.txt`: what its lines mean, and what is said of those that mean nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kbportal.articles.library import Library, read_library
from kbportal.articles.lint import lint
from kbportal.articles.synonyms import Synonym
from tests.builders import NOON


def library_with(root: Path, text: str | bytes, *, lang: str = "en") -> Library:
    """A library of one article beside this file."""
    (root / lang).mkdir(parents=True)
    (root / lang / "a.md").write_text("Body")
    content = text if isinstance(text, bytes) else text.encode()
    (root / lang / "synonyms.txt").write_bytes(content)
    return read_library(root)


def problems(library: Library) -> list[tuple[str, int, str]]:
    return [(one.file, one.line, one.rule) for one in library.problems]


def test_phrases_between_commas_stand_for_each_other(tmp_path: Path):
    library = library_with(tmp_path, "2fa,  two-factor , two   factor authentication\n")

    group = ("2fa", "two-factor", "two factor authentication")
    assert library.synonyms == {"en": (Synonym(group, group),)}
    assert library.problems == ()


def test_an_arrow_goes_one_way(tmp_path: Path):
    library = library_with(tmp_path, "jargon, slang => plain word\n")

    assert library.synonyms["en"] == (Synonym(("jargon", "slang"), ("plain word",)),)


def test_comments_and_empty_lines_mean_nothing(tmp_path: Path):
    library = library_with(tmp_path, "# of phones\n\n  # indented\r\nsim, sim card\r\n")

    assert library.synonyms["en"] == (Synonym(("sim", "sim card"), ("sim", "sim card")),)
    assert library.problems == ()


@pytest.mark.parametrize(
    "line",
    [
        "alone",
        "=> plain",
        "jargon =>",
        "a => b => c",
        "alone, alone",
        "word, ---",
        "a, b c d e f g h i j",
    ],
)
def test_a_line_that_means_nothing_is_reported_and_stops_no_other(tmp_path: Path, line):
    library = library_with(tmp_path, f"first, one\n{line}\nlast, one\n")

    assert problems(library) == [("en/synonyms.txt", 2, "bad-synonym")]
    assert [one.typed[0] for one in library.synonyms["en"]] == ["first", "last"]


@pytest.mark.parametrize("content", ["účet, konto".encode("utf-16"), b"a, b\n" * 200_000])
def test_a_file_that_cannot_be_read_is_reported_and_its_articles_stay(tmp_path: Path, content):
    library = library_with(tmp_path, content)

    assert problems(library) == [("en/synonyms.txt", 1, "bad-synonym")]
    assert (library.synonyms, len(library.articles)) == ({}, 1)


def test_a_link_out_of_the_articles_folder_is_not_followed(tmp_path: Path):
    (tmp_path / "secret.txt").write_text("one, two")
    root = tmp_path / "articles"
    (root / "en").mkdir(parents=True)
    (root / "en" / "synonyms.txt").symlink_to(tmp_path / "secret.txt")

    library = read_library(root)

    assert problems(library) == [("en/synonyms.txt", 1, "unreadable")]
    assert library.synonyms == {}


def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path: Path):
    (tmp_path / "en").mkdir()
    os.mkfifo(tmp_path / "en" / "synonyms.txt")

    assert problems(read_library(tmp_path)) == [("en/synonyms.txt", 1, "bad-synonym")]


def test_synonyms_are_no_article_and_no_category(tmp_path: Path):
    library = library_with(tmp_path, "one, two")

    assert [article.id for article in library.articles] == ["en/a"]
    assert [category.slug for category in library.categories] == ["general"]


def test_lint_says_what_is_wrong_with_them(tmp_path: Path):
    library = library_with(tmp_path, "alone")

    assert ("en/synonyms.txt", 1) in {
        (one.file, one.line) for one in lint(library, today=NOON.date())
    }
