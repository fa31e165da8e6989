"""Nothing that can be typed does harm; how long it takes is measured by `benchmarks.hostile`."""

from __future__ import annotations

import re

import pytest

from kbportal.search.evaluation.perturb import perturbed
from kbportal.search.query.engine import Engine, Results
from kbportal.search.text.analysis import MAX_CHARACTERS
from tests.builders import UNSCHOOLED
from tests.hostile import hostile_texts, large_texts

SEED = 20
SNIPPET = re.compile(r"(?:[^<>]|<mark>[^<>]+</mark>)*")


def is_sane(results: Results) -> bool:
    """Whether an answer is what a page can show."""
    hits = (*results.hits, *results.fallback)
    scores = [hit.score for hit in results.hits]
    return (
        len(results.query) <= MAX_CHARACTERS
        and all(char.isprintable() or char in "\u200c\u200d" for char in results.query)
        and results.total >= len(results.hits)
        and scores == sorted(scores, reverse=True)
        and all(0 <= hit.score <= 1 and SNIPPET.fullmatch(hit.snippet) for hit in hits)
    )


def test_five_thousand_hostile_texts_are_searched_for(engine: Engine):
    asked = hostile_texts(5_000, seed=SEED)

    assert [t for t in asked if not is_sane(engine.search(t, lang=UNSCHOOLED, limit=3))] == []


def test_hostile_texts_are_suggested_for(engine: Engine):
    asked = hostile_texts(1_000, seed=SEED + 1)

    assert [t for t in asked if not is_sane(engine.suggest(t, lang=UNSCHOOLED))] == []


@pytest.mark.parametrize("text", list(large_texts()), ids=lambda text: ascii(text[:4]))
def test_a_text_of_100_kb_is_searched_for(engine: Engine, text):
    assert is_sane(engine.search(text, lang=UNSCHOOLED))
    assert is_sane(engine.suggest(text, lang=UNSCHOOLED))


def test_hostile_staff_queries_find_something_or_nothing(engine: Engine):
    for text in hostile_texts(500, seed=SEED + 2):
        assert len(engine.find_for_staff(text, lang=UNSCHOOLED, limit=3)) <= 3


@pytest.mark.parametrize("how", ["nodiacritics", "typo", "prefix:60"])
def test_hostile_texts_can_be_damaged_further(how):
    for text in hostile_texts(200, seed=SEED + 3):
        assert isinstance(perturbed(text, how, seed="s"), str)
