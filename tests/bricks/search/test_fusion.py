from __future__ import annotations

import numpy as np
import pytest

from kbportal.search.weights.fusion import FEWEST, SIGNALS, Weights, fuse, standardise

NOTHING = dict.fromkeys(SIGNALS, 0.0)


def scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_standardised_scores_have_mean_0_and_deviation_1():
    standard = standardise(scores(*range(FEWEST)))

    assert (standard.mean(), standard.std()) == pytest.approx((0, 1), abs=1e-6)


def test_the_scale_of_a_signal_does_not_matter():
    assert standardise(scores(1, 2, 9)) == pytest.approx(standardise(scores(100, 200, 900)))


def test_a_signal_that_tells_articles_apart_nowhere_counts_nothing():
    assert set(standardise(scores(*[0.3] * FEWEST))) == {0}


def test_the_one_that_matches_stands_out_in_a_library_of_two():
    alone, among_many = standardise(scores(5, 0)), standardise(scores(5, *[0] * FEWEST))

    assert alone[0] == pytest.approx(among_many[0], rel=0.05)


def test_fusing_adds_weighted_signals():
    signals = {"words": scores(1, -1), "passage": scores(-1, 1)}

    fused = fuse(signals, Weights(**NOTHING | {"words": 0.75, "passage": 0.25}))

    assert list(fused) == [0.5, -0.5]


def test_a_signal_of_weight_0_changes_nothing():
    weights = Weights(**NOTHING | {"words": 1.0})

    assert list(fuse({"words": scores(1, -1), "article": scores(-9, 9)}, weights)) == [1, -1]
