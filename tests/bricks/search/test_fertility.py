from __future__ import annotations

import pytest

from kbportal.search.weights.calibration import Calibration
from kbportal.search.weights.fertility import UNKNOWN, fertility, first_trust, trusted


def test_fertility_is_tokens_per_word():
    assert fertility(30, 20) == 1.5


@pytest.mark.parametrize(("tokens", "words"), [(0, 5), (5, 0), (0, 0)])
def test_nothing_to_read_tells_nothing(tokens, words):
    assert fertility(tokens, words) == UNKNOWN


def test_a_model_whose_tokenizer_knows_the_words_is_trusted_at_once():
    assert first_trust(1.2) == 1.0


def test_a_model_whose_tokenizer_cuts_them_to_pieces_is_not():
    assert first_trust(3.0) == 0.0


def test_without_a_tokenizer_the_first_trust_lies_between():
    assert first_trust(3.0) < first_trust(UNKNOWN) < first_trust(1.2)


def test_a_query_in_the_language_of_the_articles_keeps_their_trust():
    assert trusted(0.9, query=1.5, articles=1.25) == 0.9


def test_a_query_in_another_language_is_trusted_less():
    assert trusted(0.9, query=2.8, articles=1.25) == 0.0


def test_what_a_stranger_earned_is_never_raised():
    assert trusted(-0.5, query=1.1, articles=3.0) == -0.5


@pytest.mark.parametrize(("query", "articles"), [(UNKNOWN, 1.2), (2.8, UNKNOWN)])
def test_what_is_not_known_changes_nothing(query, articles):
    assert trusted(0.9, query=query, articles=articles) == 0.9


def test_words_count_more_for_a_query_that_the_model_is_stranger_to():
    known = Calibration(trust=1.0, fertility=1.2)

    assert known.for_query(2.7).weights.words > known.for_query(1.2).weights.words
