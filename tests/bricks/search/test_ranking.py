from __future__ import annotations

import numpy as np

from kbportal.search.query.ranking import MOST_ORDERED, in_order


def test_the_first_of_many_are_in_order_and_none_is_lost():
    many = np.random.default_rng(3).random(4 * MOST_ORDERED, dtype=np.float32).round(2)

    found = in_order(many)

    assert list(found[:MOST_ORDERED]) == list(np.argsort(-many, kind="stable")[:MOST_ORDERED])
    assert sorted(found) == list(range(len(many)))


def test_equal_scores_stay_in_order():
    assert list(in_order(np.array([1, 2, 1, 2], dtype=np.float32))) == [1, 3, 0, 2]
