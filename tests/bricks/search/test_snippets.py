from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbportal.kernel.text import fold
from kbportal.search.snippets import LONGEST, Wanted, snippet

FORMS = {"hesla": "heslo", "heslom": "heslo", "uctu": "ucet"}
MARKS = re.compile(r"</?mark>")


def term(word: str) -> str:
    return FORMS.get(fold(word), fold(word))


def worth(term: str) -> float:
    """The articles of these tests are full of `your`."""
    return 0.1 if term in {"your", "is", "it", "a"} else 2.0


def shown(text: str, query: str) -> str:
    return snippet([text], Wanted(query, term, worth))[1]


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Zmena hesla.", "heslo", "Zmena <mark>hesla</mark>."),
        ("Zrušenie účtu.", "ucet", "Zrušenie <mark>účtu</mark>."),
        ("HESLO a účet", "heslom", "<mark>HESLO</mark> a účet"),
        ("Your password", "pasword", "Your <mark>password</mark>"),
        ("Your parcel", "password", "Your parcel"),
    ],
)
def test_words_that_match_are_marked_however_they_are_written(text, query, marked):
    assert shown(text, query) == marked


def test_words_that_every_article_has_are_not_marked_beside_telling_ones():
    assert shown("It is your password", "your password") == "It is your <mark>password</mark>"


def test_words_that_every_article_has_are_marked_where_there_is_nothing_else():
    assert shown("Is it yours or your box", "your") == "Is it yours or <mark>your</mark> box"


def test_everything_but_the_mark_is_escaped():
    found = shown("Type <b>password</b> & \"go\" 'on'", "password")

    assert found.count("<mark>password</mark>") == 1
    assert "<" not in MARKS.sub("", found)
    assert "& " not in found


def test_the_sentence_with_most_matches_is_shown():
    text = "Your parcel is late. Your late parcel gets a refund. Nothing."

    assert "refund" in shown(text, "refund late parcel")


def test_the_passage_of_the_sentence_is_named():
    assert snippet(["Nothing here.", "A password."], Wanted("password", term, worth))[0] == 1


def test_without_a_match_the_first_passage_is_shown():
    assert snippet(["First.", "Second."], Wanted("zebra", term, worth)) == (0, "First.")


def test_without_a_sentence_nothing_is_shown():
    assert snippet(["", " \n"], Wanted("zebra", term, worth)) == (0, "")


def test_a_long_sentence_is_cut_between_words_around_its_match():
    text = "begin " + "filler words " * 40 + "password " + "filler words " * 40 + "end"

    found = shown(text, "password")

    assert "<mark>password</mark>" in found
    assert len(MARKS.sub("", found)) <= LONGEST + 2
    assert set(re.findall(r"\w+", MARKS.sub("", found))) <= {"filler", "words", "password"}


@given(st.text(), st.text())
def test_any_text_gives_marks_that_pair_up_and_nothing_else_of_html(text, query):
    found = shown(text, query)

    assert re.fullmatch(r"(?:[^<>]|<mark>[^<>]+</mark>)*", found, re.DOTALL)


@given(st.text(st.characters(categories=["L", "P", "S", "Zs"]), max_size=100), st.text())
def test_a_short_sentence_is_shown_whole(text, query):
    sentence = text.strip()

    plain = unescape(MARKS.sub("", shown(sentence, query)))

    assert "".join(plain.split()) in "".join(sentence.split())
