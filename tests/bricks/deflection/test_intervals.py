from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.deflection.model import NO_DATA
from kbportal.deflection.numbers.intervals import complement, quantile, ratio, scaled, share


def test_a_share_has_the_wilson_interval() -> None:
    found = share(164, 200)

    assert found.value == pytest.approx(0.82)
    assert found.low == pytest.approx(0.7609, abs=5e-4)
    assert found.high == pytest.approx(0.8671, abs=5e-4)


@pytest.mark.parametrize("successes", [0, 5])
def test_a_share_of_none_or_all_still_has_doubt(successes: int) -> None:
    found = share(successes, 5)

    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low > 0.3


def test_no_cases_are_no_data() -> None:
    assert share(0, 0) == complement(NO_DATA) == scaled(NO_DATA, 2) == NO_DATA
    assert ratio([], seed=1, n=0) == ratio([(3, 0)], seed=1, n=0) == NO_DATA


def test_a_complement_swaps_the_ends() -> None:
    found = complement(share(3, 10))

    assert found.value == pytest.approx(0.7)
    assert found.low is not None
    assert found.low < 0.7 < (found.high or 0)


def test_a_ratio_is_reproducible_and_doubts_few_visitors() -> None:
    few, many = ([(1, 1), (8, 1), (3, 0)] * times for times in (3, 300))

    wide, narrow = (ratio(pairs, seed=1, n=1) for pairs in (few, many))

    assert wide == ratio(few, seed=1, n=1)
    assert wide.value == narrow.value == 6.0
    assert (wide.high or 0) - (wide.low or 0) > 3 * ((narrow.high or 0) - (narrow.low or 0))


def test_one_submitter_gives_a_ratio_without_an_interval() -> None:
    found = ratio([(4, 1), (2, 0)], seed=1, n=1)

    assert (found.value, found.low, found.high) == (6.0, None, None)


def test_the_interval_of_a_percentile_lies_between_values_that_were_seen() -> None:
    median = quantile(np.arange(1, 101), 0.5)
    slow = quantile(np.arange(1, 1001), 0.95)

    assert (median.value, median.low, median.high) == (50.5, 41, 60)
    assert (slow.value, slow.low, slow.high, slow.n) == (pytest.approx(950.05), 937, 964, 1000)
    assert quantile(np.arange(72), 0.95).low is None
    assert quantile(np.array([]), 0.5) == NO_DATA


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 30)), min_size=1, max_size=20),
    st.sampled_from([0.5, 0.95]),
)
@settings(max_examples=60, deadline=None)
def test_values_seen_often_count_as_often(seen: list[tuple[int, int]], part: float) -> None:
    values, times = (np.array(column) for column in zip(*seen, strict=True))
    each = np.repeat(values, times)

    found = quantile(values, part, times=times)

    assert found == quantile(each, part)
    if len(each):
        assert found.value == pytest.approx(np.quantile(each, part))
