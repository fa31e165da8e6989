from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbportal.search.weights.confidence import (
    HIGHEST_FLOOR,
    KEPT,
    STOPPED,
    Confidence,
    Evidence,
    chance,
    fit_floor,
)
from kbportal.search.weights.trust import FULL_TRUST, NO_TRUST, SOME_TRUST

STRONG = Evidence(prominence=6.0, lead=3.0, cosine=0.7, spelling=1.0)
WEAK = Evidence(prominence=1.0, lead=0.1, cosine=0.1, spelling=0.1)
TRUSTS = (NO_TRUST, -0.5, SOME_TRUST, 0.5, FULL_TRUST)

numbers = st.floats(-1e9, 1e9)


@given(st.builds(Evidence, numbers, numbers, numbers, numbers), st.floats(-2, 2))
def test_confidence_is_a_chance(evidence, trust):
    assert 0 <= chance(evidence, trust) <= 1


@pytest.mark.parametrize("trust", TRUSTS)
def test_strong_evidence_passes_the_starting_floor_and_weak_does_not(trust):
    assert chance(WEAK, trust) < Confidence().floor < chance(STRONG, trust)


def test_what_a_model_means_counts_more_the_more_it_is_trusted():
    near = replace(WEAK, cosine=0.7)

    gains = [chance(near, trust) - chance(WEAK, trust) for trust in TRUSTS]

    assert gains[0] == 0
    assert gains == sorted(gains)


def test_without_any_right_example_nothing_is_learnt():
    assert fit_floor([], [WEAK] * 100, SOME_TRUST) == Confidence().floor


def test_the_floor_stops_most_wrong_answers():
    right = [replace(WEAK, lead=5 + n / 50) for n in range(100)]
    wrong = [replace(WEAK, lead=2.2 + n / 50) for n in range(100)]

    floor = fit_floor(right, wrong, SOME_TRUST)

    stopped = sum(chance(one, SOME_TRUST) < floor for one in wrong) / len(wrong)
    assert stopped == pytest.approx(STOPPED, abs=0.02)


def test_the_floor_lets_most_right_answers_through_although_wrong_ones_look_alike():
    right = [replace(WEAK, lead=2.6 + n / 50) for n in range(100)]
    wrong = [replace(WEAK, lead=3.6 + n / 50) for n in range(100)]

    floor = fit_floor(right, wrong, SOME_TRUST)

    passing = sum(chance(one, SOME_TRUST) >= floor for one in right) / len(right)
    assert passing == pytest.approx(KEPT, abs=0.02)


def test_easy_rehearsals_do_not_silence_what_may_well_be_right():
    assert fit_floor([STRONG] * 100, [STRONG] * 100, FULL_TRUST) == HIGHEST_FLOOR
