from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbportal.kernel.text import fold
from kbportal.search.query.snippets import LONGEST, Shown, Wanted, plain_snippet, snippet

FORMS = {"hesla": "heslo", "heslom": "heslo", "uctu": "ucet"}
MARKS = re.compile(r"</?mark>")


def term(word: str) -> str:
    return FORMS.get(fold(word), fold(word))


def worths(terms: Sequence[str]) -> list[float]:
    """The articles of these tests are full of `your`, and many have an `order`."""
    return [{"your": 0.1, "is": 0.1, "it": 0.1, "a": 0.1, "order": 0.5}.get(t, 2.0) for t in terms]


def wanted(query: str) -> Wanted:
    return Wanted(query, term, worths)


def shown(text: str, query: str) -> str:
    return snippet([text], wanted(query)).html


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Zmena hesla.", "heslo", "Zmena <mark>hesla</mark>."),
        ("Zrušenie účtu.", "ucet", "Zrušenie <mark>účtu</mark>."),
        ("HESLO a účet", "heslom", "<mark>HESLO</mark> a účet"),
        ("Your password", "pasword", "Your <mark>password</mark>"),
        ("Your parcel", "password", "Your parcel"),
        ("Avaa Laskutusosoitteesi", "laskutusosoite", "Avaa <mark>Laskutusosoitteesi</mark>"),
        ("Laskutus alkaa", "laskutusosoite", "<mark>Laskutus</mark> alkaa"),
        ("Kliknite na Zabudnuté heslo", "zabudol", "Kliknite na <mark>Zabudnuté</mark> heslo"),
        ("Vertaa summia", "kertaa", "Vertaa summia"),
        ("Contact us", "contract", "Contact us"),
    ],
)
def test_words_that_match_are_marked_however_they_are_written(text, query, marked):
    assert shown(text, query) == marked


def test_words_that_every_article_has_are_not_marked_beside_telling_ones():
    assert shown("It is your password", "your password") == "It is your <mark>password</mark>"


def test_words_that_every_article_has_are_marked_where_there_is_nothing_else():
    assert shown("Is it yours or your box", "your") == "Is it yours or <mark>your</mark> box"


def test_where_the_telling_word_is_missing_the_next_best_is_marked():
    assert shown("It is in your order", "your ordr storno order") == (
        "It is in your <mark>order</mark>"
    )


def test_of_two_like_sentences_the_one_under_the_better_heading_is_shown():
    texts = ["Ask for the invoice.", "The invoice is sent."]
    headings = ["Correct it", "Order for a company"]

    assert snippet(texts, wanted("company invoice"), headings=headings).passage == 1
    assert snippet(texts, wanted("invoice"), headings=headings).passage == 0


def test_a_heading_alone_makes_no_match():
    found = snippet(["Nothing here.", "Nor here."], wanted("refund"), headings=["", "A refund"])

    assert found == Shown(0, "Nothing here.", matches=False)


def test_a_summary_is_shown_as_it_is():
    assert plain_snippet("Fish & <b>chips</b>") == "Fish &amp; &lt;b&gt;chips&lt;/b&gt;"


def test_everything_but_the_mark_is_escaped():
    found = shown("Type <b>password</b> & \"go\" 'on'", "password")

    assert found.count("<mark>password</mark>") == 1
    assert "<" not in MARKS.sub("", found)
    assert "& " not in found


def test_the_sentence_with_most_matches_is_shown():
    text = "Your parcel is late. Your late parcel gets a refund. Nothing."

    assert "refund" in shown(text, "refund late parcel")


def test_the_passage_of_the_sentence_is_named():
    assert snippet(["Nothing here.", "A password."], wanted("password")).passage == 1


def test_without_a_match_the_first_passage_is_shown():
    assert snippet(["First.", "Second."], wanted("zebra")) == Shown(0, "First.", matches=False)


def test_without_a_sentence_nothing_is_shown():
    assert snippet(["", " \n"], wanted("zebra")) == Shown(0, "", matches=False)
    assert snippet([], wanted("zebra")) == Shown(0, "", matches=False)


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
