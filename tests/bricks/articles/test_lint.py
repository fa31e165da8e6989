"""Advice to authors."""

from __future__ import annotations

from datetime import date

import pytest

from kbportal.articles.article_file import article_from
from kbportal.articles.library import Library
from kbportal.articles.lint import lint
from kbportal.articles.model import Article, Problem
from kbportal.articles.problems import summarised

TODAY = date(2026, 6, 1)
GOOD = "---\ntitle: {title}\nsummary: S.\nanswers: [{title}]\n{more}\n---\nText"


def an_article(path: str, text: str) -> Article:
    article, _ = article_from(text.encode(), path=path)
    assert article
    return article


def a_good_one(path: str, more: str = "", *, body: str = "Text", title: str = "") -> Article:
    text = GOOD.format(title=title or path.replace("/", " "), more=more)
    return an_article(path, text.removesuffix("Text") + body)


def rules(*articles: Article) -> list[tuple[str, int, str]]:
    found = lint(Library(articles, (), ()), today=TODAY)
    return [(problem.file, problem.line, problem.rule) for problem in found]


def test_a_good_library_gets_no_advice() -> None:
    links = "[b](../b/y.md#part) [c](#own) [d](https://e.example) ![p](/static/p.png)\n\n## Own"

    assert rules(
        a_good_one("en/a/x.md", body=links), a_good_one("en/b/y.md", body="## Part\n\n### Sub")
    ) == []  # fmt: skip


def test_what_was_wrong_while_reading_is_repeated() -> None:
    problem = Problem("en/a.md", 1, "too-large", "error", "…")

    assert lint(Library((), (), (problem,)), today=TODAY) == [problem]


@pytest.mark.parametrize(
    ("body", "line", "rule"),
    [
        ("\n[a](gone.md)", 8, "broken-link"),
        ("[a](../../outside.md)", 7, "broken-link"),
        ("[a](y.md#gone)", 7, "broken-anchor"),
        ("[a](#gone)", 7, "broken-anchor"),
        ("[a](draft.md)", 7, "link-to-hidden"),
        ("[a](javascript:alert(1))", 7, "unsafe-link"),
        ("![](/static/a.png)", 7, "image-without-alt"),
        ("![a](media/a.png)", 7, "image-not-found"),
        ("## A\n\n#### B", 9, "heading-jump"),
    ],
)
def test_a_fault_in_the_text_is_found_on_its_line(body: str, line: int, rule: str) -> None:
    found = rules(
        a_good_one("en/a/x.md", body=body),
        a_good_one("en/a/y.md"),
        a_good_one("en/a/draft.md", "status: draft"),
    )

    assert found == [("en/a/x.md", line, rule)]


def test_code_is_not_searched_for_links() -> None:
    assert rules(a_good_one("en/a/x.md", body="`[a](gone.md)`\n\n```\n[a](gone.md)\n```")) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("---\ntitle: A\nanswers: [b]\n---\nText", "no-summary"),
        ("---\ntitle: A\nsummary: b\n---\nText", "no-answers"),
        (GOOD.format(title="long " * 30, more=""), "long-title"),
        (GOOD.format(title="A", more="review_by: 2026-05-31"), "review-overdue"),
        (GOOD.format(title="A", more="updated: 2026-06-02"), "updated-in-future"),
    ],
)
def test_a_fault_in_the_front_matter_is_found(text: str, rule: str) -> None:
    assert rules(an_article("en/a/x.md", text)) == [("en/a/x.md", 1, rule)]


def test_a_missing_translation_is_told_once_at_its_source() -> None:
    found = rules(
        a_good_one("en/a/x.md"), a_good_one("en/a/y.md"), a_good_one("sk/a/x.md"),
        a_good_one("fi/a/x.md"), a_good_one("fi/a/y.md"),
    )  # fmt: skip

    assert found == [("en/a/y.md", 1, "translation-missing")]


def test_a_translation_older_than_its_source_lags() -> None:
    found = rules(
        a_good_one("en/a/x.md", "updated: 2026-05-02"),
        a_good_one("sk/a/x.md", "updated: 2026-05-01"),
    )

    assert found == [("sk/a/x.md", 1, "translation-lags")]


def test_a_question_belongs_to_one_article() -> None:
    found = rules(
        a_good_one("en/a/x.md", title="Where is it?"), a_good_one("en/a/y.md", title="WHERE is it")
    )

    assert found == [("en/a/y.md", 1, "duplicate-answer")]


def test_an_old_address_belongs_to_one_article() -> None:
    found = rules(a_good_one("en/a/x.md", "redirect_from: y"), a_good_one("en/a/y.md"))

    assert found == [("en/a/x.md", 1, "redirect-taken")]


def test_a_long_run_of_one_finding_is_said_in_a_few_lines() -> None:
    noise = [Problem(f"en/{n:04}.md", 1, "no-summary", "warning", "write one") for n in range(900)]
    other = Problem("en/0500.md", 3, "broken-link", "error", "no article")

    cut = summarised([*noise, other])

    assert [problem.rule for problem in cut] == ["no-summary"] * 3 + ["broken-link"]
    assert cut[2].message == "write one (and 897 more like this)"
