from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kbportal.deflection.trials.experiment import (
    Arms,
    assess,
    difference,
    needed_visitors,
    sample_ratio_p,
)

counts = st.integers(0, 3_000)
shares = st.sampled_from([0.05, 0.1, 0.2, 0.5])


@st.composite
def some_arms(draw: st.DrawFn) -> Arms:
    control, shown = draw(counts), draw(counts)
    tickets = draw(st.integers(0, control)), draw(st.integers(0, shown))
    return Arms(control, tickets[0], shown, tickets[1], draw(shares))


def test_164_of_200_against_584_of_800_is_nine_points() -> None:
    found = difference(Arms(200, 164, 800, 584, 0.2))

    assert found == pytest.approx((0.09, 0.024, 0.147), abs=5e-4)


def test_sixty_against_fifty_five_percent_takes_4739_visitors() -> None:
    assert needed_visitors(control=0.60, shown=0.55, control_share=0.2) == 4_739


def test_too_few_visitors_show_no_number() -> None:
    found = assess(Arms(200, 164, 800, 584, 0.2))

    assert found.status == "not_enough_data"
    assert (found.difference, found.low, found.high) == (None, None, None)
    assert found.n == 1_000 < found.needed


def test_a_larger_effect_of_interest_needs_fewer() -> None:
    found = assess(Arms(200, 164, 800, 584, 0.2), effect=0.1)

    assert found.status == "ok"
    assert found.needed <= 1_000


def test_enough_visitors_show_the_number() -> None:
    found = assess(Arms(1_000, 820, 4_000, 2_920, 0.2))

    assert found.status == "ok"
    assert found.difference == pytest.approx(0.09)
    assert found.low is not None
    assert 0.06 < found.low < 0.09


def test_nothing_is_not_enough_and_says_how_much_would_be() -> None:
    found = assess(Arms(0, 0, 0, 0, 0.1))

    assert found.status == "not_enough_data"
    assert found.needed == needed_visitors(control=0.545, shown=0.495, control_share=0.1)


def test_arms_of_unlikely_sizes_break_the_experiment() -> None:
    found = assess(Arms(1_150, 900, 8_850, 6_000, 0.1))

    assert found.status == "broken"
    assert found.difference is None
    assert found.sample_ratio_p < 0.001


def test_the_sample_ratio_is_pearsons_chi_square() -> None:
    expected = stats.chisquare([960, 9_040], [1_000, 9_000]).pvalue

    assert sample_ratio_p(Arms(960, 0, 9_040, 0, 0.1)) == pytest.approx(expected)


def test_visitors_in_an_arm_that_nobody_should_be_in_break_it() -> None:
    assert assess(Arms(5, 0, 100, 0, 0.0)).status == "broken"
    assert assess(Arms(0, 0, 100, 0, 0.0)).status == "not_enough_data"


def test_a_change_of_the_share_in_a_busy_season_is_no_effect() -> None:
    quiet = Arms(100, 20, 900, 180, 0.1)
    busy = Arms(500, 400, 500, 400, 0.5)

    found = difference(quiet, busy)

    assert found is not None
    assert found[0] == pytest.approx(0.0)
    assert found[1] < 0 < found[2]


@settings(max_examples=60, deadline=None)
@given(some_arms())
def test_the_interval_holds_the_difference_and_is_one_of_shares(arms: Arms) -> None:
    found = difference(arms)

    if found is None:
        assert not (arms.control_n and arms.shown_n)
        return
    value, low, high = found
    assert -1 <= low <= value <= high <= 1


@settings(max_examples=60, deadline=None)
@given(some_arms())
def test_exchanging_the_arms_turns_the_sign(arms: Arms) -> None:
    turned = Arms(
        arms.shown_n, arms.shown_tickets, arms.control_n, arms.control_tickets,
        1 - arms.expected_control,
    )  # fmt: skip
    one, other = difference(arms), difference(turned)

    if one and other:
        assert other == pytest.approx((-one[0], -one[2], -one[1]), abs=1e-12)
    assert sample_ratio_p(turned) == pytest.approx(sample_ratio_p(arms), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(some_arms(), st.integers(-200, 200))
def test_what_is_needed_does_not_depend_on_the_difference(arms: Arms, moved: int) -> None:
    control, shown = arms.control_tickets + moved, arms.shown_tickets - moved
    if not (0 <= control <= arms.control_n and 0 <= shown <= arms.shown_n):
        return
    other = Arms(arms.control_n, control, arms.shown_n, shown, arms.expected_control)

    assert assess(other).needed == assess(arms).needed


@settings(max_examples=60, deadline=None)
@given(some_arms())
def test_a_number_is_shown_only_when_all_is_well(arms: Arms) -> None:
    found = assess(arms)

    assert (found.difference is not None) == (found.status == "ok")
    assert found.status != "ok" or found.n >= found.needed
    assert (found.status == "broken") == (found.sample_ratio_p < 0.001)


def test_arms_that_get_what_the_others_are_to_get_are_broken() -> None:
    arms = Arms(500, 300, 4500, 2200, 0.1)

    assert assess(arms).status != "broken"
    assert assess(replace(arms, control_crossed=20, shown_crossed=150)).status != "broken"
    assert assess(replace(arms, control_crossed=150)).status == "broken"
    assert assess(replace(arms, shown_crossed=400)).status == "broken"
