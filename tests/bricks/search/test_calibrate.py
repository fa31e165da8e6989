from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import astuple
from itertools import product
from pathlib import Path
from random import Random

import numpy as np
import pytest

from kbportal.embedding.hashing import DIMENSION, HashingEmbedder
from kbportal.embedding.ports import Embedder, Progress, Recipe, Vectors
from kbportal.search.build.builder import Source
from kbportal.search.build.calibrate import calibrate
from kbportal.search.build.rehearsal import rehearsals
from kbportal.search.index.pages import Page
from kbportal.search.weights.calibration import Calibration
from tests.bricks.search.conftest import built_generation
from tests.builders import UNSCHOOLED, a_page

WORDS = ["".join(pair) + "a" for pair in product("bcdfghjklm", ["ot", "ar", "ing", "ul"])]


def muddled_pages(count: int = 60) -> list[Page]:
    """Articles that share most of their words, so that keywords alone often miss."""
    chance = Random(1)
    return [_muddled(n, chance.sample(WORDS, 5), chance) for n in range(count)]


def _muddled(number: int, topic: list[str], chance: Random) -> Page:
    def says(length: int) -> str:
        return " ".join(chance.choice(chance.choice((topic, WORDS))) for _ in range(length))

    texts = [f"{says(8)}. {says(8)}." for _ in range(3)]
    return a_page(f"general/{number:02}", *texts, title=says(3), answers=(says(4), says(4)))


PAGES = muddled_pages()


class Clueless(HashingEmbedder):
    """A model to which every text means something, but nothing to do with its words."""

    recipe = Recipe(model="clueless", digest="1", dimension=DIMENSION)

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        return np.array([self.encode(text) for text in texts], dtype=np.float32)

    def encode(self, text: str) -> np.ndarray:
        chance = np.random.default_rng(zlib.crc32(text.encode()))
        vector = chance.standard_normal(DIMENSION).astype(np.float32)
        return vector / np.linalg.norm(vector)


def learnt(folder: Path, embedder: Embedder | None, pages=PAGES) -> Calibration:
    """What is learnt of these pages when queries are encoded by the embedder itself."""
    generation = built_generation(Source(pages=pages), folder, embedder=embedder)
    index = generation.languages[UNSCHOOLED]
    in_order = sorted(pages, key=lambda page: page.article.id)
    return calibrate(index, in_order, encoder=embedder, embedder=embedder)  # type: ignore[arg-type]


def meaning(calibration: Calibration) -> float:
    weights = calibration.weights
    return weights.article + weights.title + weights.passage


@pytest.fixture(scope="module")
def with_clueless(tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    return learnt(tmp_path_factory.mktemp("clueless"), Clueless())


@pytest.fixture(scope="module")
def with_hashing(tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    return learnt(tmp_path_factory.mktemp("hashing"), HashingEmbedder())


def test_a_model_that_knows_nothing_gets_little_weight(with_clueless):
    assert meaning(with_clueless) < 0.2 * meaning(Calibration())


def test_a_model_that_helps_keeps_its_weight(with_hashing):
    assert meaning(with_hashing) > 0.7 * meaning(Calibration())


def test_the_same_corpus_teaches_the_same(with_hashing, tmp_path):
    assert learnt(tmp_path, HashingEmbedder()) == with_hashing


def test_weights_are_shares(with_hashing):
    weights = astuple(with_hashing.weights)

    assert sum(weights) == pytest.approx(1, abs=0.01)
    assert min(weights) >= 0


def test_too_small_a_corpus_teaches_nothing(tmp_path):
    assert learnt(tmp_path, None, pages=PAGES[:1]) == Calibration()


def test_a_calibration_is_read_as_it_was_written(with_hashing):
    assert Calibration.from_json(with_hashing.as_json()) == with_hashing


def test_a_query_is_taken_out_of_its_article():
    for one in rehearsals(PAGES, most=400, seed=1):
        assert one.query not in one.rest.text.split("\n")


def test_every_article_is_rehearsed_before_any_is_asked_twice():
    asked = rehearsals(PAGES, most=len(PAGES), seed=1)

    assert {one.row for one in asked} == set(range(len(PAGES)))


def test_a_text_learnt_from_a_ticket_is_rehearsed_like_an_editors_question():
    page = a_page("general/box", "Text.", title="", learned=("it came broken", "lid is gone"))

    (first, second) = rehearsals([page], most=10, seed=1)

    assert {first.query, second.query} == {"it came broken", "lid is gone"}
    assert first.rest.questions == (second.query,)


def test_no_more_is_rehearsed_than_asked_for():
    assert len(rehearsals(PAGES, most=7, seed=1)) == 7


def test_the_same_seed_rehearses_the_same():
    assert rehearsals(PAGES, most=50, seed=1) == rehearsals(PAGES, most=50, seed=1)
