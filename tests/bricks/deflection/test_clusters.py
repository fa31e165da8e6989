"""What one visitor does hangs together, and intervals know it."""

from __future__ import annotations

import numpy as np
import pytest

from kbportal.deflection.numbers.clusters import Clusters, effect_of_sums
from kbportal.deflection.numbers.intervals import share


def test_visitors_who_came_once_say_as_much_as_they_are() -> None:
    who, hits = np.arange(100), np.arange(100) % 3 == 0

    assert Clusters(who).effect(hits) == pytest.approx(1.0, abs=0.02)


def test_visitors_who_do_the_same_twice_say_half_as_much() -> None:
    who, hits = np.arange(400) // 2, np.arange(400) // 2 % 2 == 0

    assert Clusters(who).effect(hits) == pytest.approx(2.0, abs=0.02)


def test_visitors_who_do_something_else_each_time_are_not_counted_for_more() -> None:
    who, hits = np.arange(400) // 2, np.arange(400) % 2 == 0

    assert Clusters(who).effect(hits) == 1.0


def test_only_cases_count() -> None:
    who = np.arange(300) // 3
    hits, cases = np.arange(300) // 3 % 2 == 0, np.arange(300) % 3 == 0

    assert Clusters(who).effect(hits, cases) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(
    ("hits", "cases", "clusters"), [(0, 9, 3), (9, 9, 3), (4, 9, 1), (0, 0, 0)]
)
def test_without_difference_there_is_nothing_to_tell(hits: int, cases: int, clusters: int) -> None:
    assert effect_of_sums(hits, cases, clusters, yy=0, ym=0, mm=0) == 1.0


def test_an_effect_widens_the_interval_as_fewer_cases_would() -> None:
    wide, few = share(80, 200, effect=2.0), share(40, 100)

    assert (wide.value, wide.low, wide.high) == (few.value, few.low, few.high)
    assert wide.n == 200
