from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbportal.kernel.text import fold, normalise, shorten


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Zmeniť HESLO", "zmenit heslo"),
        ("Żółć gęślą jaźń", "zolc gesla jazn"),
        ("Äiti söi hyllyllä", "aiti soi hyllylla"),
        ("Înștiințare și țară", "instiintare si tara"),
        ("Ţară cu sedilă", "tara cu sedila"),
        ("Straße, Ødegård, Đakovo", "strasse, odegard, dakovo"),
        ("ﬁle №1", "file no1"),
        ("İstanbul ılık", "istanbul ilik"),
    ],
)
def test_folded_text_is_what_a_hurried_person_types(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_normalised_text_is_one_line_without_anything_invisible() -> None:
    assert normalise(" a\r\n\tb\u202e\u200b\0c\u00a0d\u2028e\ufeff ") == "a bc d e"


def test_composed_and_decomposed_text_are_the_same_afterwards() -> None:
    assert normalise("e\u0301") == normalise("\u00e9")


def test_emoji_of_several_characters_stay_whole() -> None:
    family = "👩\u200d👧"

    assert normalise(family) == family


@given(st.text(), st.integers(min_value=0, max_value=40))
def test_shortened_text_keeps_within_the_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


def test_text_is_cut_between_words_and_says_so() -> None:
    assert shorten("Where is my parcel now", 14) == "Where is my…"
    assert shorten("Where is my", 11) == "Where is my"


def test_a_long_hostile_text_is_folded_and_normalised_quickly() -> None:
    started = time.perf_counter()

    for text in ("\u0301" * 100_000, "ﷺ" * 20_000, " \u200b" * 50_000):
        fold(text)
        normalise(text)

    assert time.perf_counter() - started < 2
