from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kbportal.search.index.tally import Tally, updated
from tests.bricks.search.conftest import tally_of

texts = st.lists(st.lists(st.sampled_from("abcdefg"), max_size=6), max_size=8)


@given(
    before=texts, after=st.lists(st.one_of(st.integers(0, 7), st.just(-1)), max_size=8), new=texts
)
def test_an_updated_tally_is_that_of_the_new_articles_counted_afresh(before, after, new):
    kept = sorted({row for row in after if 0 <= row < len(before)})
    taken = _interleaved(kept, len(new))
    fresh = iter(new)
    whole = [before[row] if row >= 0 else next(fresh) for row in taken]

    update = updated(tally_of(before), np.array(taken, dtype=np.int64), tally_of(new))

    assert_same(update, tally_of(whole))


def test_a_term_that_no_article_says_any_more_is_forgotten():
    update = updated(tally_of([["a"], ["b"]]), np.array([1]), tally_of([]))

    assert len(update.hashes) == 1


def test_a_word_said_a_hundred_thousand_times_is_counted_as_far_as_it_matters():
    assert tally_of([["a"] * 100_000]).counts.tolist() == [65_535]


def _interleaved(kept: list[int], new: int) -> list[int]:
    """Kept rows in order with new ones (-1) between them."""
    taken: list[int] = []
    for row in kept:
        if new:
            taken.append(-1)
            new -= 1
        taken.append(row)
    return taken + [-1] * new


def assert_same(one: Tally, other: Tally) -> None:
    for name in Tally.__slots__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
        assert getattr(one, name).dtype == getattr(other, name).dtype
