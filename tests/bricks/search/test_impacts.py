from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbportal.search.index.impacts import (
    MOST_REPEATS,
    Formula,
    Impacts,
    load_impacts,
    save_impacts,
    weighed,
)
from tests.bricks.search.conftest import tally_of

TEXTS = [["reset", "password", "password"], ["late", "parcel"], ["password", "of", "a", "parcel"]]

terms = st.lists(st.sampled_from("abcde"), max_size=8)


def impacts_of(texts: Sequence[Sequence[str]], formula: Formula = Formula.BM25) -> Impacts:
    return weighed(tally_of(texts), formula)


def plain_bm25(texts: Sequence[Sequence[str]], row: int, query: Sequence[str]) -> float:
    """The formula as the books have it, k1 = 1.2 and b = 0.75, one term after the other."""
    average = max(sum(map(len, texts)) / len(texts), 1.0)
    total = 0.0
    for term in set(query):
        holding = sum(term in text for text in texts)
        idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        count = texts[row].count(term)
        length = 1 - 0.75 + 0.75 * len(texts[row]) / average
        total += min(query.count(term), MOST_REPEATS) * idf * count * 2.2 / (count + 1.2 * length)
    return total


@given(st.lists(terms, min_size=1, max_size=6), terms)
def test_scores_are_bm25(texts, query):
    by_hand = [plain_bm25(texts, row, query) for row in range(len(texts))]

    assert impacts_of(texts).score(query) == pytest.approx(by_hand, abs=1e-4)


@pytest.mark.parametrize("formula", Formula)
@given(st.lists(terms, min_size=1, max_size=6), terms)
def test_the_score_of_a_text_is_what_its_row_scores(formula, texts, query):
    impacts = impacts_of(texts, formula)

    alone = [impacts.score_of(text, query) for text in texts]

    assert alone == pytest.approx(list(impacts.score(query)), abs=1e-4)


def test_a_text_without_the_query_scores_nothing():
    assert impacts_of(TEXTS).score_of(["nothing"], ["password"]) == 0


def test_an_unknown_term_changes_no_score():
    impacts = impacts_of(TEXTS)

    assert list(impacts.score(["parcel", "zebra"])) == list(impacts.score(["parcel"]))


def test_saying_a_word_ten_times_counts_as_saying_it_twice():
    impacts = impacts_of(TEXTS)

    assert list(impacts.score(["parcel"] * 10)) == list(impacts.score(["parcel"] * 2))


def test_an_unknown_term_tells_at_least_as_much_as_any_known_one():
    impacts = impacts_of(TEXTS)

    assert impacts.information(["zebra"]) >= max(impacts.information([t]) for x in TEXTS for t in x)


def test_no_article_outscores_what_a_query_can_tell_2_2_times():
    impacts = impacts_of(TEXTS)

    assert impacts.score(["password"]).max() <= 2.2 * impacts.information(["password"])


def test_an_empty_index_scores_nothing():
    impacts = impacts_of([])

    assert impacts.score(["password"]).shape == (0,)
    assert impacts.score_of(["password"], ["password"]) == 0


def test_a_saved_index_scores_the_same(tmp_path):
    impacts = impacts_of(TEXTS)
    save_impacts(impacts, tmp_path, "words")

    opened = load_impacts(tmp_path, "words")

    assert np.array_equal(opened.score(["password"]), impacts.score(["password"]))


def test_a_lone_surrogate_is_a_term_like_any_other():
    assert impacts_of([["\udcff"], ["a"]]).score(["\udcff"])[0] > 0
