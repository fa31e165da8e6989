from __future__ import annotations

from datetime import timedelta

import pytest

from kbportal.mail.model import Kind
from kbportal.mail.rules import FIRST_PAUSE, LONGEST_PAUSE, pause, when
from tests.builders import NOON
from tests.mailing import HOUR, a_letter

JUST = NOON - timedelta(minutes=10)


@pytest.mark.parametrize("kind", Kind)
def test_the_first_letter_to_an_address_goes_at_once(kind: Kind):
    assert when(a_letter(kind), proven=False, last=None, last_alike=None) == NOON


def test_a_second_confirmation_within_the_hour_is_not_written():
    assert when(a_letter(Kind.RECEIVED), proven=False, last=JUST, last_alike=JUST) is None


@pytest.mark.parametrize("kind", [Kind.REPLIED, Kind.SOLVED, Kind.LINKS])
def test_what_an_unproven_address_must_learn_waits_for_the_hour(kind: Kind):
    assert when(a_letter(kind), proven=False, last=JUST, last_alike=None) == JUST + HOUR


@pytest.mark.parametrize("kind", [Kind.RECEIVED, Kind.REPLIED, Kind.SOLVED])
def test_a_proven_address_gets_each_letter_at_once(kind: Kind):
    assert when(a_letter(kind), proven=True, last=JUST, last_alike=JUST) == NOON


@pytest.mark.parametrize("proven", [True, False])
def test_links_are_sent_once_an_hour_to_everybody(proven: bool):
    letter = a_letter(Kind.LINKS)

    assert when(letter, proven=proven, last=JUST, last_alike=JUST) is None
    assert when(letter, proven=proven, last=NOON - HOUR, last_alike=NOON - HOUR) == NOON


def test_pauses_double_up_to_an_hour():
    assert [pause(tries, chance=0) / FIRST_PAUSE for tries in (1, 2, 3)] == [1, 2, 4]
    assert pause(10_000, chance=0) == LONGEST_PAUSE


def test_chance_takes_up_to_half_of_a_pause():
    assert pause(1, chance=1.0) == FIRST_PAUSE / 2
