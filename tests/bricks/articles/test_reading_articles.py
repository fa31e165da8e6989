"""One file as an article."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.articles.article_file import article_from
from kbportal.articles.model import Article, Audience, Problem, Status


def read(text: str | bytes, path: str = "en/account/reset.md") -> tuple[Article, list[Problem]]:
    data = text if isinstance(text, bytes) else text.encode()
    article, problems = article_from(data, path=path)
    assert article is not None, problems
    return article, problems


def article_of(*lines: str, body: str = "Body", path: str = "en/account/reset.md") -> Article:
    return read("\n".join(["---", *lines, "---", body]), path)[0]


def test_every_known_key_is_taken() -> None:
    article, problems = read(
        "---\ntitle: Reset\nslug: New-Password\nsummary: How.\ncategory: Sign in\n"
        "tags: login, password\nstatus: published\naudience: public\nupdated: 2026-05-01\n"
        "review_by: 2027-01-01\nowner: Eva\nredirect_from: [/en/articles/old-one, older]\n"
        "translation_of: account/password\nanswers:\n  - Lost password?\n  - Lost password?\n"
        "faq: yes\nshoe: 43\n---\nBody\n"
    )

    assert problems == []
    assert article == Article(
        id="en/account/reset", key="account/password", lang="en", category="sign-in",
        slug="new-password", title="Reset", body="Body\n", path="en/account/reset.md",
        fingerprint=article.fingerprint, summary="How.", body_line=20, tags=("login", "password"),
        updated=date(2026, 5, 1), review_by=date(2027, 1, 1), owner="Eva",
        redirect_from=("old-one", "older"), answers=("Lost password?",), faq=True,
        extra={"shoe": "43"},
    )  # fmt: skip


def test_the_fingerprint_follows_every_byte() -> None:
    assert read("a")[0].fingerprint != read("a\n")[0].fingerprint


@pytest.mark.parametrize(
    ("path", "category", "key", "slug"),
    [
        ("sk/account/Zmena_hesla.md", "account", "account/Zmena_hesla", "zmena-hesla"),
        ("sk/a/b/c.md", "a", "a/b/c", "c"),
        ("sk/top.md", "general", "top", "top"),
        ("sk/Účet/ňuf.md", "ucet", "Účet/ňuf", "nuf"),
    ],
)
def test_the_path_says_what_front_matter_does_not(
    path: str, category: str, key: str, slug: str
) -> None:
    article, _ = read("Body", path)

    assert (article.lang, article.category, article.key, article.slug) == (
        "sk", category, key, slug,
    )  # fmt: skip


@pytest.mark.parametrize(
    "written", ["account/reset", "account/reset.md", "en/account/reset.md", "/en/account/reset"]
)
def test_a_translation_may_name_its_source_in_any_of_the_usual_ways(written: str) -> None:
    assert article_of(f"translation_of: {written}", path="sk/ucet/heslo.md").key == "account/reset"


@pytest.mark.parametrize(
    ("body", "title", "left", "line"),
    [
        ("# Head\n\nText", "Head", "Text", 3),
        ("Head\n====\nText", "Head", "Text", 3),
        ('# <a name="x"></a>**Head** `it`\nText', "Head it", "Text", 2),
        ("Text\n\n# Head", "Head", "Text\n\n# Head", 1),
        ("```\n# no\n```", "Reset", "```\n# no\n```", 1),
        ("Text", "Reset", "Text", 1),
    ],
)
def test_without_a_title_the_first_heading_or_the_file_name_counts(
    body: str, title: str, left: str, line: int
) -> None:
    article, _ = read(body)

    assert (article.title, article.body, article.body_line) == (title, left, line)


def test_a_heading_that_repeats_the_title_is_not_shown_twice() -> None:
    assert article_of("title: Zmeniť heslo", body="\n# ZMENIT heslo!\n\nText").body == "Text"


def test_a_heading_that_says_something_else_stays() -> None:
    assert article_of("title: A", body="# B\nText").body == "# B\nText"


@pytest.mark.parametrize("title", ["2024", "2026-05-31", "[a, b]", "{a: b}", "no", "null"])
def test_a_title_of_any_kind_is_text(title: str) -> None:
    assert article_of(f"title: {title}").title


def test_an_unknown_status_or_audience_keeps_the_article_from_customers() -> None:
    article, problems = read("---\nstatus: live\naudience: everyone\n---\nBody")

    assert (article.status, article.audience, article.is_public) == (
        Status.DRAFT, Audience.STAFF, False,
    )  # fmt: skip
    assert [(p.rule, p.line, p.severity) for p in problems] == [
        ("bad-status", 2, "error"), ("bad-audience", 3, "error"),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["status: draft", "status: archived", "audience: staff",
                                  "status: DRAFT", "status: [draft]"])  # fmt: skip
def test_a_closed_article_is_not_public(line: str) -> None:
    assert not article_of(line).is_public


def test_a_date_that_may_mean_two_days_is_none_and_reported() -> None:
    article, problems = read("---\nupdated: 05/06/2026\n---\nBody")

    assert article.updated is None
    assert [(p.rule, p.line) for p in problems] == [("bad-updated", 2)]


def test_a_question_that_yaml_takes_for_a_mapping_is_a_sentence() -> None:
    assert article_of("answers:", "  - Error 5: what now?").answers == ("Error 5: what now?",)


def test_a_file_in_another_encoding_is_refused_with_its_line() -> None:
    article, (problem,) = article_from("---\ntitle: Caf\xe9\n---".encode("latin-1"), path="en/a.md")

    assert article is None
    assert (problem.rule, problem.line) == ("not-utf-8", 2)
    assert "save it as UTF-8" in problem.message


def test_an_empty_file_is_an_article_with_a_warning() -> None:
    article, problems = read("", "en/a/first-steps.md")

    assert article.title == "First steps"
    assert [problem.rule for problem in problems] == ["empty-body"]


def test_nul_characters_disappear() -> None:
    assert "\0" not in read("---\ntitle: a\0b\n---\nc\0d")[0].body


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_bytes_are_an_article_or_a_problem(data: bytes) -> None:
    article, problems = article_from(data, path="en/a/b.md")

    assert article or problems
    if article:
        assert article.title
        assert article.slug
