from __future__ import annotations

from random import Random

from benchmarks.typists import DESCRIPTION_CHARACTERS, asked_by, questions

TICKET = "Parcel is late\nI ordered two boxes last week. Nothing has come so far, " + "so " * 100


def test_a_form_asks_about_a_growing_text_and_never_twice_about_the_same():
    asked = questions([TICKET], most=1000)

    assert len(asked) == len(set(asked)) > 5
    assert asked == sorted(asked, key=len)
    assert "Parcel is late" in asked


def test_of_the_description_only_the_beginning_is_sent():
    asked = questions([TICKET], most=1000)

    assert max(map(len, asked)) <= len("Parcel is late ") + DESCRIPTION_CHARACTERS


def test_typing_is_the_same_for_the_same_seed():
    assert questions([TICKET] * 3, most=20, seed=4) == questions([TICKET] * 3, most=20, seed=4)
    assert questions([TICKET], most=20, seed=4) != questions([TICKET], most=20, seed=5)


def test_a_form_shows_what_it_asked_last_and_no_question_about_the_description_is_overtaken():
    asked = list(asked_by(TICKET, Random(7)))
    subject = [one for one in asked if one.text in "Parcel is late"]

    assert not subject[-1].overtaken
    assert not any(one.overtaken for one in asked if one not in subject)
    assert any(one.overtaken for seed in range(9) for one in asked_by(TICKET, Random(seed)))
