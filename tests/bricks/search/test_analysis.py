from __future__ import annotations

import pytest
import snowballstemmer
from hypothesis import given
from hypothesis import strategies as st
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

from kbportal.search.text.analysis import (
    LANGUAGE_RULES,
    MAX_CHARACTERS,
    MAX_TERMS,
    Analyser,
    grams,
    heads,
    learn_forms,
    searched_words,
    within_limits,
    words,
)
from tests.builders import UNSCHOOLED

MEET = [
    ("sk", "hesla", "heslo"),
    ("sk", "uctu", "účet"),
    ("sk", "FAKTURU", "faktúry"),
    ("pl", "platnosci", "płatność"),
    ("pl", "hasla", "hasło"),
    ("pl", "przesylki", "przesyłka"),
    ("fi", "tilauksen", "tilaus"),
    ("fi", "paivaa", "päivä"),
    ("fi", "salasanan", "salasana"),
    ("ro", "parolei", "parolă"),
    ("ro", "comenzii", "comandă"),
    ("ro", "plati", "plată"),
]
APART = [
    ("sk", "heslo", "účet"),
    ("pl", "hasło", "konto"),
    ("fi", "tilaus", "salasana"),
    ("ro", "parolă", "comandă"),
]


def unknown(form: str) -> str | None:
    """A table without any form."""
    return None


@pytest.mark.parametrize(("lang", "typed", "written"), MEET)
def test_a_form_typed_without_diacritics_meets_the_written_word(analyser, lang, typed, written):
    assert analyser(lang).term(typed) == analyser(lang).term(written)


@pytest.mark.parametrize(("lang", "one", "other"), APART)
def test_different_words_stay_apart(analyser, lang, one, other):
    assert analyser(lang).term(one) != analyser(lang).term(other)


def test_a_form_that_two_words_share_means_the_one_that_the_corpus_uses_more():
    # Of the account (účet), and of esteem (úcta).
    assert learn_forms("sk", ["účtu účtu úctu"])["uctu"] == "ucet"
    assert learn_forms("sk", ["účtu úctu úctu"])["uctu"] == "ucta"


def test_a_language_without_a_dictionary_folds_words():
    assert learn_forms(UNSCHOOLED, ["Šuma ŠUMA"]) == {"suma": "suma"}


def test_a_form_that_the_table_does_not_know_is_stemmed():
    assert Analyser("en", unknown).terms("running Shoes") == ["run", "shoe"]


def test_there_is_one_term_per_word():
    assert Analyser(UNSCHOOLED, unknown).terms("e-mail, 2× don't") == ["e", "mail", "2", "don", "t"]


def test_grams_mark_where_a_word_begins_and_ends():
    assert grams("Účet") == ["_uce", "ucet", "cet_"]


def test_a_short_word_is_one_gram():
    assert grams("a je") == ["_a_", "_je_"]


def test_grams_of_a_typo_overlap_with_the_right_word():
    assert len(set(grams("password")) & set(grams("pasword"))) >= 4


def test_what_is_searched_is_bounded():
    kept = within_limits("word " * 20_000)

    assert len(kept) <= MAX_CHARACTERS
    assert len(words(kept)) <= MAX_TERMS


def test_a_word_of_100_kilobytes_is_cut():
    assert max(map(len, words("x" * 100_000))) < 100


@given(st.text())
def test_any_text_has_terms(text):
    assert len(Analyser("en", unknown).run(text)) == len(words(text))
    assert len(Analyser("en", unknown).terms(text)) == len(searched_words(text))


@pytest.mark.parametrize(
    ("written", "typed"),
    [("5.7.750", "57750"), ("KB-1234", "kb1234"), ("AZ/17", "az 17"), ("v2.1", "V2.1")],
)
def test_a_code_is_found_however_it_is_divided(written, typed):
    assert set(heads(typed)) <= set(heads(f"Error {written} again"))


def test_words_joined_by_a_hyphen_are_no_code():
    assert searched_words("self-service") == ["self", "service"]


def test_a_code_keeps_its_whole_length_where_words_lose_their_endings():
    assert heads("Passwords 0x80070005") == ["passw", "0x80070005"]


def test_what_was_cut_off_keeps_its_punctuation():
    assert within_limits("  Error 5.7.750!  ") == "  Error 5.7.750"


def test_every_named_stemmer_and_dictionary_exists():
    named = LANGUAGE_RULES.values()

    assert {rules.stemmer for rules in named} - {""} <= set(snowballstemmer.algorithms())
    assert {rules.lemmas for rules in named} - {""} <= set(SUPPORTED_LANGUAGES)
