"""Gaps and decisions come back as they were, and no decision is lost to a count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kbportal.deflection.gaps import decisions
from kbportal.deflection.gaps.model import (
    Advice,
    Effect,
    Evidence,
    Gap,
    LanguageSurvey,
    Near,
    State,
    Survey,
    Trend,
)
from kbportal.storage import Stores
from tests.builders import NOON, RESET

EVIDENCE = Evidence(
    tickets=3, searches=2, weeks=(0, 0, 1, 0, 1, 0, 2, 1), trend=Trend(2.0, 1.1, 3.7),
    examples=("gift card",), whys=(("silent", 3),), near=(Near(RESET, True, 1, 1, 1, 2),),
    advice=Advice.IMPROVE, elsewhere="", category="account",
)  # fmt: skip
MADE = Survey(NOON, NOON - timedelta(days=56), NOON, (LanguageSurvey("en", 9, 8, 2, 0, 0.45),), 1.5)
HOUR = timedelta(hours=1)


def a_gap(mark: str = "g1", **facts: object) -> Gap:
    gap = Gap(mark, "en", "gift card", ("gift card",), NOON, NOON, evidence=EVIDENCE)
    return replace(gap, **facts)  # type: ignore[arg-type]


def test_a_survey_and_its_gaps_come_back_as_they_were(stores: Stores) -> None:
    whole = a_gap(effect=Effect(9, 3, 50, 51, 0.3, 0.1, 0.8), published=NOON, article=RESET)

    stores.gaps.keep_survey(MADE, [whole])

    assert stores.gaps.survey() == MADE
    assert stores.gaps.gaps() == (whole,)
    assert stores.gaps.gap("g1") == whole


def test_the_next_survey_takes_the_place_of_the_one_before(stores: Stores) -> None:
    stores.gaps.keep_survey(MADE, [a_gap("g1")])

    stores.gaps.keep_survey(replace(MADE, made=NOON + HOUR), [a_gap("g2")])

    assert [gap.id for gap in stores.gaps.gaps()] == ["g2"]
    assert (found := stores.gaps.survey()) is not None
    assert found.made == NOON + HOUR


def test_what_was_decided_while_counting_stays_decided(stores: Stores) -> None:
    before = a_gap("g1"), a_gap("g2")
    stores.gaps.keep_survey(MADE, before)
    for gap in before:
        dismissed = decisions.dismissed(gap, reason="no", now=NOON + 2 * HOUR)
        assert stores.gaps.keep(dismissed, instead_of=gap)

    stores.gaps.keep_survey(replace(MADE, made=NOON + HOUR), [before[0]])

    assert {gap.state for gap in stores.gaps.gaps()} == {State.DISMISSED}
    assert len(stores.gaps.gaps()) == 2


def test_of_two_people_who_decide_the_second_is_told(stores: Stores) -> None:
    gap = a_gap()
    stores.gaps.keep_survey(MADE, [gap])

    assert stores.gaps.keep(decisions.dismissed(gap, reason="a", now=NOON), instead_of=gap)
    assert not stores.gaps.keep(decisions.undone(gap, now=NOON), instead_of=gap)
