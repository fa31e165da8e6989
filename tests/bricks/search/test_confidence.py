from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbportal.search.confidence import KEPT, Confidence, Evidence, fit_confidence

STRONG = Evidence(prominence=3.0, lead=2.5, cosine=3.0, coverage=3.0, spelling=3.0)
WEAK = Evidence(prominence=0.5, lead=0.1, cosine=0.3, coverage=0.2, spelling=0.2)

numbers = st.floats(-1e9, 1e9)


@given(st.builds(Evidence, numbers, numbers, numbers, numbers, numbers))
def test_confidence_is_a_chance(evidence):
    assert 0 <= Confidence().of(evidence) <= 1


def test_strong_evidence_passes_the_floor_and_weak_does_not():
    start = Confidence()

    assert start.of(WEAK) < start.floor < start.of(STRONG)


def test_a_few_examples_change_nothing():
    assert fit_confidence([STRONG] * 5, [WEAK] * 5) == Confidence()


def test_without_any_right_example_nothing_is_learnt():
    assert fit_confidence([], [WEAK] * 100) == Confidence()


def test_what_was_right_is_more_probable_than_what_was_wrong():
    # A corpus in which only spelling tells right from wrong.
    right = [replace(WEAK, spelling=2 + n / 100) for n in range(50)]
    wrong = [replace(WEAK, spelling=n / 100) for n in range(50)]

    learnt = fit_confidence(right, wrong)

    assert min(map(learnt.of, right)) > max(map(learnt.of, wrong))


def test_the_floor_lets_most_right_answers_through():
    right = [replace(WEAK, prominence=n / 40) for n in range(100)]
    wrong = [replace(WEAK, prominence=n / 80) for n in range(100)]

    learnt = fit_confidence(right, wrong)

    passing = sum(learnt.of(one) >= learnt.floor for one in right) / len(right)
    assert passing == pytest.approx(KEPT, abs=0.02)


def test_easy_rehearsals_do_not_silence_what_is_more_likely_right_than_wrong():
    assert fit_confidence([STRONG] * 100, [WEAK] * 100).floor <= 0.5
