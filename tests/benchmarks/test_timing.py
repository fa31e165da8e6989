from __future__ import annotations

import pytest

from benchmarks.timing import percentile, summary


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (1.0, 100), (0.0, 1)])
def test_a_percentile_is_a_value_that_was_measured(share, value):
    assert percentile(range(1, 101), share) == value


def test_a_summary_needs_no_order_and_no_values():
    assert summary([3.0, 1.0, 2.0]) == {"count": 3, "p50_ms": 2.0, "p95_ms": 3.0, "max_ms": 3.0}
    assert summary([]) == {"count": 0}
