from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbportal.search.evaluation.perturb import UnknownPerturbation, perturbed

TEXT = "Zabudol som heslo k svojmu účtu"


def test_without_a_kind_the_text_stays():
    assert perturbed(TEXT, "", seed="1") == TEXT


def test_diacritics_and_capitals_go():
    assert perturbed(TEXT, "nodiacritics", seed="1") == "zabudol som heslo k svojmu uctu"


def test_a_prefix_is_a_share_of_the_characters():
    assert perturbed("0123456789", "prefix:60", seed="1") == "012345"


def test_a_prefix_has_at_least_one_character():
    assert perturbed("abc", "prefix:1", seed="1") == "a"


def test_a_typo_leaves_as_many_words_and_changes_some():
    typed = perturbed(TEXT, "typo", seed="1")

    assert typed != TEXT
    assert len(typed.split()) == len(TEXT.split())


def test_the_same_seed_makes_the_same_typo():
    made = [perturbed(TEXT, "typo", seed=str(n % 10)) for n in range(20)]

    assert made[:10] == made[10:]
    assert len(set(made)) > 1


def test_words_of_three_letters_are_not_mistyped():
    assert perturbed("how do I pay", "typo", seed="1") == "how do I pay"


@pytest.mark.parametrize("how", ["upper", "prefix", "prefix:0", "prefix:101", "prefix:x", "typo:2"])
def test_an_unknown_kind_is_refused(how):
    with pytest.raises(UnknownPerturbation, match="say nodiacritics, typo or prefix"):
        perturbed(TEXT, how, seed="1")


@pytest.mark.parametrize("how", ["nodiacritics", "typo", "prefix:60"])
@given(st.text())
def test_any_text_can_be_damaged(how, text):
    assert isinstance(perturbed(text, how, seed="1"), str)
