from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbportal.markup.model import Section
from kbportal.search.text.chunking import PASSAGE_WORDS, Passage, passages, sentences


def a_section(text: str, anchor: str = "more", title: str = "More") -> Section:
    return Section(anchor=anchor, title=title, html="", text=text)


def test_a_short_section_is_one_passage_with_its_anchor_and_heading():
    assert passages([a_section("One. Two.")]) == [Passage("more", "More", "One.\nTwo.")]


def test_sections_are_not_mixed():
    cut = passages([a_section("One.", anchor="a"), a_section("Two.", anchor="b")])

    assert [p.section for p in cut] == ["a", "b"]


def test_an_article_without_text_is_one_empty_passage():
    assert passages([a_section(" \n ")]) == [Passage("", "", "")]


def test_a_long_section_is_cut_between_sentences():
    text = " ".join(f"{'word ' * 19}end{n}." for n in range(20))

    assert all(p.text.endswith(".") for p in passages([a_section(text)]))


def test_a_sentence_longer_than_a_passage_is_cut_between_words():
    cut = passages([a_section("word " * 250)])

    assert [len(p.text.split()) for p in cut] == [110, 110, 30]


def test_a_line_is_a_sentence():
    assert sentences("Name · Price\nBox · 9 €\n\n") == ["Name · Price", "Box · 9 €"]


def test_an_abbreviated_number_is_not_an_end():
    assert sentences("It costs 9.50 a month. That is all!") == [
        "It costs 9.50 a month.", "That is all!",
    ]  # fmt: skip


@given(st.text())
def test_no_word_is_lost_and_no_passage_too_long(text):
    cut = passages([a_section(text)])

    assert [word for p in cut for word in p.text.split()] == text.split()
    assert all(len(p.text.split()) <= PASSAGE_WORDS for p in cut)


@pytest.mark.parametrize(
    "text", ["Choose Forgot password? on the page.", "It says Oops! and stops."]
)
def test_a_sentence_may_name_a_question(text):
    assert sentences(text) == [text]


def test_a_new_line_is_a_new_sentence_however_it_begins():
    assert sentences("One.\ntwo. Ďalšia!\n\n") == ["One.", "two.", "Ďalšia!"]
