from __future__ import annotations

import pytest

from kbportal.deflection.trials.holdout import Holdout, holdout_text, read_holdout, usual_holdout


@pytest.mark.parametrize(("share", "control"), [(10, 10), (0, 0), (50, 50), (99, 50), (-1, 0)])
def test_until_somebody_decides_the_setting_holds(share: int, control: int) -> None:
    assert usual_holdout(share).control == control


def test_a_switch_that_is_off_keeps_its_share() -> None:
    off = Holdout(on=False, share=25)

    assert read_holdout(holdout_text(off)) == off
    assert off.control == 0


@pytest.mark.parametrize("text", [None, "", "on", "on x", "on 0", "on 51", "maybe 10", "on -5"])
def test_what_is_no_decision_is_none(text: str | None) -> None:
    assert read_holdout(text) is None
