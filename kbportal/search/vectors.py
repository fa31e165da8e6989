"""The meaning side of an index: passage vectors, article means, and questions, memory-mapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """Vectors of one language.

    Attributes:
        passages: (p, d) float32, rows of length 1, passages of one article together.
        starts: (a + 1,) int64; the passages of article i are [starts[i], starts[i + 1]).
        means: (a, d) float32, the normalised mean of each article's passages.
        questions: (q, d) float32, questions known to be answered by an article.
        question_articles: (q,) int32, the article of each question.
    """

    passages: NDArray[np.float32]
    starts: NDArray[np.int64]
    means: NDArray[np.float32]
    questions: NDArray[np.float32]
    question_articles: NDArray[np.int32]

    def article_scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosine of the query with the mean of every article."""
        scores: NDArray[np.float32] = self.means @ query
        return scores

    def best_passages(
        self, query: NDArray[np.float32], articles: Rows
    ) -> tuple[NDArray[np.float32], Rows]:
        """The best passage of each of these articles: its cosine, and its row."""
        scores = np.full(len(articles), -1.0, dtype=np.float32)
        rows = np.zeros(len(articles), dtype=np.int64)
        firsts, ends = self.starts[articles], self.starts[articles + 1]
        sizes = ends - firsts
        wanted = np.repeat(firsts - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
        wanted = wanted + np.arange(len(wanted))
        cosines = np.asarray(self.passages[wanted]) @ query
        at = 0
        for i, size in enumerate(sizes):
            if size:
                best = int(np.argmax(cosines[at : at + size]))
                scores[i], rows[i] = cosines[at + best], firsts[i] + best
            at += size
        return scores, rows

    def best_questions(self, query: NDArray[np.float32], articles: int) -> NDArray[np.float32]:
        """For every article the cosine of the nearest question known to it, -1 without any."""
        best = np.full(articles, -1.0, dtype=np.float32)
        if len(self.questions):
            np.maximum.at(best, self.question_articles, self.questions @ query)
        return best


def article_means(passages: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """(a, d) float32: the mean of each article's passages, scaled to length 1."""
    sizes = np.diff(starts)
    means = np.zeros((len(sizes), passages.shape[1]), dtype=np.float32)
    filled = np.flatnonzero(sizes)
    if len(filled):
        means[filled] = np.add.reduceat(passages, starts[filled], axis=0)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = means / np.maximum(lengths, 1e-9)
    return scaled


def vector_file(folder: Path, name: str) -> Path:
    """Where the array of that name lies in a language's folder."""
    return folder / f"vectors.{name}.npy"


def is_vector_file(name: str) -> bool:
    """Whether a file of a language's folder is one of these, and so depends on the model."""
    return name.startswith("vectors.")


def load_vectors(folder: Path) -> VectorIndex:
    """Map the files into memory."""
    names: Sequence[str] = VectorIndex.__slots__
    return VectorIndex(
        **{name: np.load(vector_file(folder, name), mmap_mode="r") for name in names}
    )
