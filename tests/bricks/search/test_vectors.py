from __future__ import annotations

import numpy as np
import pytest

from kbportal.search.vectors import VectorIndex, article_means


def unit(*rows: tuple[float, ...]) -> np.ndarray:
    found = np.array(rows, dtype=np.float32).reshape(len(rows), 2)
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    return found


@pytest.fixture
def vectors() -> VectorIndex:
    """Three articles with two, no and one passages; the last also with a question."""
    passages, starts = unit((1, 0), (0, 1), (1, 1)), np.array([0, 2, 2, 3])
    return VectorIndex(
        passages, starts, article_means(passages, starts), unit((0, 1)), np.array([2])
    )


def test_the_best_passage_of_each_article_is_found(vectors):
    cosines, rows = vectors.best_passages(unit((0, 1))[0], np.array([0, 2]))

    assert cosines == pytest.approx([1, np.sqrt(0.5)])
    assert list(rows) == [1, 2]


def test_an_article_without_passages_is_as_far_as_can_be(vectors):
    cosines, _ = vectors.best_passages(unit((0, 1))[0], np.array([1]))

    assert list(cosines) == [-1]


def test_means_have_length_1_and_articles_without_text_length_0(vectors):
    assert np.linalg.norm(vectors.means, axis=1) == pytest.approx([1, 0, 1])


def test_an_article_is_as_near_as_the_mean_of_its_passages(vectors):
    assert vectors.article_scores(unit((1, 1))[0]) == pytest.approx([1, 0, 1])


def test_a_known_question_speaks_for_its_article_only(vectors):
    assert vectors.best_questions(unit((0, 1))[0], 3) == pytest.approx([-1, -1, 1])
