"""A draft file is one that the portal reads, and never costs anybody another file."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.articles.article_file import article_from
from kbportal.articles.draft_file import DraftFile, DraftRefused, begin_draft
from kbportal.articles.library import read_library
from kbportal.articles.model import Status


def a_draft(**facts):
    whole = {"lang": "sk", "category": "platby", "title": "Darčeková poukážka: ako na to?"}
    return DraftFile(**(whole | facts))


def test_a_draft_stands_in_its_language_and_category_and_is_no_public_article(tmp_path):
    found = begin_draft(
        tmp_path,
        a_draft(answers=("Kde zadám kód?", "- poukážka: neplatí"), owner="jana@example.com",
                updated=date(2026, 3, 2), notes={"gap": "1a2b", "evidence": ["4 tickets"]}),
    )  # fmt: skip

    (article,) = read_library(tmp_path, languages=("sk",)).articles
    assert found == article.id == "sk/platby/darcekova-poukazka-ako-na-to"
    assert (article.title, article.status) == ("Darčeková poukážka: ako na to?", Status.DRAFT)
    assert article.answers == ("Kde zadám kód?", "- poukážka: neplatí")
    assert article.owner == "jana@example.com"
    assert article.extra == {"gap": "1a2b", "evidence": ["4 tickets"]}


def test_no_file_is_ever_written_over(tmp_path):
    first = begin_draft(tmp_path, a_draft())
    (tmp_path / f"{first}.md").write_text("mine")

    second = begin_draft(tmp_path, a_draft())

    assert second == f"{first}-2"
    assert (tmp_path / f"{first}.md").read_text() == "mine"


def test_an_address_that_another_category_has_is_not_taken_again(tmp_path):
    begin_draft(tmp_path, a_draft(category="dodanie"))

    assert begin_draft(tmp_path, a_draft()).endswith("-2")


def test_a_translation_stands_where_its_original_does_and_is_refused_where_there_is_one(tmp_path):
    draft = a_draft(path="shop/gift-cards")

    assert begin_draft(tmp_path, draft) == "sk/shop/gift-cards"
    with pytest.raises(DraftRefused) as refusal:
        begin_draft(tmp_path, draft)
    assert refusal.value.facts["reason"] == "taken"


def test_a_place_that_is_no_folder_is_refused_with_its_reason(tmp_path):
    (tmp_path / "sk").write_text("a file")

    with pytest.raises(DraftRefused) as refusal:
        begin_draft(tmp_path, a_draft())

    assert refusal.value.facts["reason"] == "unreachable"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30))
def test_whatever_customers_write_the_file_can_be_read(tmp_path_factory, title, answer, category):
    root = tmp_path_factory.mktemp("library")

    found = begin_draft(root, a_draft(title=title, answers=(answer,), category=category))

    file = root / f"{found}.md"
    assert file.resolve().is_relative_to(root.resolve())
    article, _ = article_from(file.read_bytes(), path=f"{found}.md")
    assert article is not None
    assert article.status is Status.DRAFT
