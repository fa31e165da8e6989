from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kbportal.articles.article_file import article_from
from kbportal.articles.library import read_library
from kbportal.articles.lint import lint
from kbportal.articles.versions import VersionRefused, merged, path_of_b

PATH = "en/account/reset-password.md"
A = """---
# kept as it is
title:   "Reset your password"
tags: [password]
summary: >
  A link
  by e-mail.
updated: 2026-02-01   # a date
answers:
  - I forgot my password
---

Choose **Forgot password**.
"""


def said(text: str, path: str = PATH):
    article, _ = article_from(text.encode(), path=path)
    assert article
    return article


def test_a_version_takes_what_it_says_and_leaves_the_rest_as_it_was_written() -> None:
    made = merged(A, "---\ntitle: A new password\nsummary: 'In a minute: how'\n---\n", path=PATH)

    assert made == A.replace('title:   "Reset your password"', "title: A new password").replace(
        "summary: >\n  A link\n  by e-mail.", 'summary: "In a minute: how"'
    )


def test_a_text_alone_changes_the_text_alone() -> None:
    made = merged(A, "Write to us.\n", path=PATH)

    assert made.partition("---\n\n")[0] == A.partition("---\n\n")[0]
    assert said(made).body.strip() == "Write to us."


def test_a_title_goes_on_top_where_there_was_none() -> None:
    made = merged("# Old title\n\nText.\n", "---\ntitle: New\n---\n", path=PATH)

    assert made == "---\ntitle: New\n---\nText.\n"


def test_line_ends_and_the_mark_at_the_start_stay() -> None:
    made = merged("\ufeff" + A.replace("\n", "\r\n"), "---\ntitle: New\n---\n", path=PATH)

    assert made.startswith("\ufeff---\r\n")
    assert made.count("\r\n") == made.count("\n") == A.count("\n")


@pytest.mark.parametrize(
    "title", ['It\'s: a "test"', "@home", "yes", "2024", "# one", "- x", "ž: č"]
)
def test_any_title_is_read_as_it_was_meant(title: str) -> None:
    b = f"---\ntitle: '{title.replace(chr(39), chr(39) * 2)}'\n---\n"

    assert said(merged(A, b, path=PATH)).title == title


@pytest.mark.parametrize("b", ["---\ntitle: x\n", "---\n[: }\n---\n"])
def test_what_has_no_certain_reading_is_refused(b: str) -> None:
    with pytest.raises(VersionRefused):
        merged(A, b, path=PATH)


def test_a_version_is_no_article_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "account"
    folder.mkdir(parents=True)
    (folder / "reset-password.md").write_text(A)
    (folder / "reset-password.b.md").write_text(
        "---\ntitle: B\nanswers: [I forgot my password]\nredirect_from: [old]\nfaq: yes\n---\n"
    )

    found = read_library(tmp_path)
    a, b = sorted(found.articles, key=lambda one: one.is_version_b)

    assert b.path == path_of_b(a.path)
    assert (a.is_public, b.is_public, b.is_shown) == (True, False, True)
    assert (b.answers, b.redirect_from, b.faq, b.body.strip()) == ((), (), False, "")
    assert lint(found, today=date(2026, 3, 1)) == []


def test_a_version_without_its_article_is_reported(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "gone.b.md").write_text("---\ntitle: B\n---\n")

    (problem,) = lint(read_library(tmp_path), today=date(2026, 3, 1))

    assert (problem.rule, problem.severity) == ("version-alone", "error")


def test_a_version_that_says_nothing_is_reported(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.md").write_text(A)
    (tmp_path / "en" / "a.b.md").write_text("---\nowner: me\n---\n")

    (problem,) = lint(read_library(tmp_path), today=date(2026, 3, 1))

    assert problem.rule == "version-empty"
