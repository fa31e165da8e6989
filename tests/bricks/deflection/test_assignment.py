from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.deflection.trials.assignment import (
    CONTROL,
    HOLDOUT,
    SHOWN,
    Assigned,
    arm_of,
    arms,
    arms_text,
    assign,
    holdout_shares,
)

KEY = b"a key of this site"
VISITORS = [f"{number:032x}" for number in range(4_000)]


def drawn(experiment: str = HOLDOUT, *, control: int = 10, key: bytes = KEY) -> list[str]:
    shares = holdout_shares(control)
    return [arm_of(one, experiment=experiment, key=key, shares=shares) for one in VISITORS]


def test_the_lot_keeps_to_the_share() -> None:
    # Four standard deviations around 400 of 4,000.
    assert 324 < drawn().count(CONTROL) < 476


def test_a_visitor_stays_in_their_arm() -> None:
    assert drawn() == drawn()


def test_another_key_or_experiment_draws_anew() -> None:
    both = [a == b == CONTROL for a, b in zip(drawn(), drawn("other"), strict=True)]

    assert 15 < sum(both) < 70
    assert drawn() != drawn(key=b"of another site")


def test_a_larger_share_only_adds_to_control() -> None:
    few, many = drawn(control=10), drawn(control=25)

    assert all(more == CONTROL for one, more in zip(few, many, strict=True) if one == CONTROL)


@pytest.mark.parametrize(("control", "arm"), [(0, {SHOWN}), (-5, {SHOWN}), (80, {SHOWN, CONTROL})])
def test_nobody_or_at_most_half_are_in_control(control: int, arm: set[str]) -> None:
    assert set(drawn(control=control)) == arm
    assert holdout_shares(control)[CONTROL] <= 50


@pytest.mark.parametrize("visitor", [None, ""])
def test_without_an_id_there_is_no_arm(visitor: str | None) -> None:
    assert assign(visitor, experiment=HOLDOUT, key=KEY, shares=holdout_shares(50)) is None


def test_an_arm_comes_with_its_share() -> None:
    found = assign(VISITORS[0], experiment="t-1", key=KEY, shares={"a": 0, "b": 100})

    assert found == Assigned("b", 100)


@pytest.mark.parametrize("shares", [{"a": 50, "b": 49}, {"a": 101, "b": -1}])
def test_shares_that_are_none_are_refused(shares: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="100"):
        arm_of("v", experiment="x", key=KEY, shares=shares)


def test_an_event_tells_its_arms() -> None:
    text = arms_text({"t-7f3a": Assigned("b", 50), HOLDOUT: Assigned(CONTROL, 10)})

    assert text == "holdout:control@10 t-7f3a:b@50"
    assert arms(text) == {HOLDOUT: (CONTROL, 10), "t-7f3a": ("b", 50)}


@pytest.mark.parametrize("text", [None, "", "control", "holdout:control", "a:b@ c:d@1000 :@1"])
def test_what_cannot_be_read_is_no_arm(text: str | None) -> None:
    assert arms(text) == {}
    assert arms_text({}) is None


names = st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)


@settings(max_examples=60)
@given(st.dictionaries(names, st.builds(Assigned, names, st.integers(0, 100)), max_size=5))
def test_arms_are_read_as_they_were_written(assigned: dict[str, Assigned]) -> None:
    assert arms(arms_text(assigned)) == assigned
