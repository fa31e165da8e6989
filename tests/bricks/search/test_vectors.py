from __future__ import annotations

import numpy as np
import pytest

from kbportal.search.index.vectors import (
    VectorIndex,
    article_mean,
    closeness,
)


def unit(*rows: tuple[float, ...]) -> np.ndarray:
    found = np.array(rows, dtype=np.float32).reshape(len(rows), 2)
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    return found


@pytest.fixture
def vectors() -> VectorIndex:
    """Three articles with two, no and one passages; the last also with a question."""
    passages, starts = unit((1, 0), (0, 1), (1, 1)), np.array([0, 2, 2, 3])
    questions, asked = unit((0, 1)), np.array([0, 0, 0, 1])
    means = np.array(
        [
            article_mean(passages[starts[a] : starts[a + 1]], questions[asked[a] : asked[a + 1]])
            for a in range(3)
        ]
    )
    return VectorIndex(passages, starts, questions, asked, unit((1, 0), (0, 1), (1, 1)), means)


UP = unit((0, 1))[0]


def test_the_nearest_passage_of_each_article_is_found(vectors):
    near = vectors.nearness(UP, np.array([0, 2]))

    assert list(near.passage) == [1, 2]


def test_a_known_question_may_be_nearer_than_any_passage(vectors):
    near = vectors.nearness(UP, np.array([0, 1, 2]))

    assert near.cosine == pytest.approx([1, -1, 1])


def test_an_article_without_passages_is_as_far_as_can_be(vectors):
    near = vectors.nearness(UP, np.array([1]))

    assert near.closeness == pytest.approx([-1])


def test_some_articles_are_as_near_as_among_all(vectors):
    some, every = vectors.nearness(UP, np.array([0, 2])), vectors.nearness(UP, np.arange(3))

    assert some.closeness == pytest.approx(every.closeness[[0, 2]])


def test_closeness_is_at_least_the_greatest_cosine():
    assert closeness(np.array([0.2, 0.7], dtype=np.float32)) >= 0.7
    assert closeness(np.array([0.7], dtype=np.float32)) == pytest.approx(0.7)


def test_a_second_near_passage_speaks_for_an_article_and_a_far_one_hardly():
    alone, far, near = (np.array(c, dtype=np.float32) for c in ([0.7], [0.7, 0.1], [0.7, 0.68]))

    assert closeness(near) - closeness(alone) > 100 * (closeness(far) - closeness(alone))


def test_means_have_length_1_and_articles_without_text_length_0(vectors):
    assert np.linalg.norm(vectors.means, axis=1) == pytest.approx([1, 0, 1])


def test_an_article_is_as_near_as_the_mean_of_its_passages_and_questions(vectors):
    assert vectors.means[2] == pytest.approx(unit((0.7071, 1.7071))[0], abs=1e-3)
