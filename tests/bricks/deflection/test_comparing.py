"""What changed is told with its doubt, and good news that was bought dearly is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.deflection.contents import Guardrail, Report
from kbportal.deflection.model import NO_DATA, Counts, Metric, Windows
from kbportal.deflection.numbers.comparing import change
from kbportal.deflection.numbers.guardrails import HEADLINE, worse_while_rising
from kbportal.deflection.numbers.intervals import share
from kbportal.deflection.trials.experiment import Arms, difference

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def a_report(rate: Metric, *rails: Guardrail) -> Report:
    return Report(
        since=DAY, until=DAY, now=DAY, lang=None, windows=Windows(), rules_version=1,
        outcomes=Counts(), matured=Counts(), metrics={HEADLINE: rate}, filtered={},
        guardrails=rails,
    )  # fmt: skip


def test_the_change_of_two_shares_is_the_difference_of_newcombe():
    found = change(share(164, 200), share(584, 800))

    assert found is not None
    assert (round(found.value, 3), round(found.low, 3), round(found.high, 3)) == (
        0.09, 0.024, 0.147,
    )  # fmt: skip
    assert found.is_sure


@settings(max_examples=40)
@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_both_ways_to_a_difference_agree(n, m, data):
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))

    found = change(share(a, n), share(b, m))

    expected = difference(Arms(n, a, m, b, 0.5))
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx(expected)


def test_what_is_not_known_did_not_change():
    assert change(share(1, 2), NO_DATA) is None
    assert change(NO_DATA, share(1, 2)) is None
    assert change(Metric(1.0, 3, None, None, "ok"), share(1, 2)) is None


def test_a_rise_with_a_worse_guardrail_is_no_good_news():
    worse = Guardrail("take_back_rate", share(60, 100), share(10, 100))
    as_it_was = replace(worse, now=share(11, 100))

    assert worse_while_rising(a_report(share(30, 100), worse), a_report(share(20, 100)))
    assert not worse_while_rising(a_report(share(30, 100), as_it_was), a_report(share(20, 100)))
    assert not worse_while_rising(a_report(share(10, 100), worse), a_report(share(20, 100)))
