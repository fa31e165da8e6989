"""The meaning side of an index: vectors of passages, questions, titles and whole articles.

How near an article is to a query is not told by its best passage alone: a second and a third
passage on the same matter speak for it too, and so does every customer whose ticket it answered.
`closeness` sums them up, the nearest counting most. Measured on real tickets: nDCG@10 0.545 by
the best passage, 0.582 by closeness.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kbportal.search.index.impacts import mapped

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]

# How much nearer ones outweigh: 0.05 of cosine count as much as 2.7 vectors. Between 15 and 30 the
# choice matters little on real tickets and on Banking77 (docs/quality.md).
SHARPNESS = 20.0


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near some articles are to a query; arrays by place in the list that was asked for.

    Attributes:
        closeness: Of all passages and questions.
        cosine: Of the nearest passage or question, -1 where there is none.
        passage: Row of the nearest passage.
    """

    closeness: Floats
    cosine: Floats
    passage: Rows


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """Vectors of one language, rows of length 1, those of one article together.

    Attributes:
        passages: (p, d) float32.
        starts: (a + 1,) int64; the passages of article i are [starts[i], starts[i + 1]).
        questions: (q, d) float32, questions known to be answered by an article.
        question_starts: (a + 1,) int64, as `starts`.
        titles: (a, d) float32.
        means: (a, d) float32, the normalised mean of each article's passages and questions.
    """

    passages: Floats
    starts: Rows
    questions: Floats
    question_starts: Rows
    titles: Floats
    means: Floats

    @property
    def rows(self) -> Rows:
        """(a,) int64: how many passages and questions each article has."""
        counts: Rows = np.diff(self.starts) + np.diff(self.question_starts)
        return counts

    def article_scores(self, query: Floats) -> Floats:
        """Cosine of the query with the mean of every article."""
        scores: Floats = self.means @ query
        return scores

    def title_scores(self, query: Floats, articles: Rows) -> Floats:
        """Cosine of the query with the titles of these articles."""
        return _cosines(self.titles, articles, query)

    def nearness(self, query: Floats, articles: Rows) -> Nearness:
        """How near these articles are, by their passages and questions."""
        passages, firsts = _rows_of(self.starts, articles)
        questions, question_firsts = _rows_of(self.question_starts, articles)
        by_passage = _cosines(self.passages, passages, query)
        by_question = _cosines(self.questions, questions, query)
        nearest = _argmax_within(by_passage, firsts)
        best = np.maximum(
            _max_within(by_passage, firsts), _max_within(by_question, question_firsts)
        )
        weight = _sum_within(_emphasis(by_passage), firsts)
        weight += _sum_within(_emphasis(by_question), question_firsts)
        return Nearness(
            closeness=_as_closeness(weight),
            cosine=best.astype(np.float32),
            passage=passages[nearest] if len(passages) else np.zeros(len(articles), np.int64),
        )


def closeness(cosines: Floats) -> float:
    """One number for the cosines of one article's vectors: a smooth maximum that counts them all.

    (1 / s) log sum exp(s cosine), with s the sharpness: at least the greatest cosine, and more
    the more others come near it.
    """
    return float(_as_closeness(np.array([_emphasis(cosines).sum()]))[0])


def article_mean(passages: Floats, questions: Floats) -> Floats:
    """(d,) float32: the mean of an article's passages and questions, scaled to length 1."""
    total = passages.sum(axis=0) + questions.sum(axis=0)
    scaled: Floats = total / max(float(np.linalg.norm(total)), 1e-9)
    return scaled


def vector_file(folder: Path, name: str) -> Path:
    """Where the array of that name lies in a language's folder."""
    return folder / f"vectors.{name}.npy"


def is_vector_file(name: str) -> bool:
    """Whether a file of a language's folder is one of these, and so depends on the model."""
    return name.startswith("vectors.")


def load_vectors(folder: Path) -> VectorIndex:
    """Map the files into memory."""
    names = [field.name for field in fields(VectorIndex)]
    return VectorIndex(**{name: mapped(vector_file(folder, name)) for name in names})


def _rows_of(starts: Rows, articles: Rows) -> tuple[Rows, Rows]:
    """The rows of these articles one after another, and where those of each begin."""
    firsts, ends = starts[articles], starts[articles + 1]
    sizes = ends - firsts
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    rows = np.repeat(firsts - offsets[:-1], sizes) + np.arange(offsets[-1])
    return rows, offsets


def _cosines(vectors: Floats, rows: Rows, query: Floats) -> Floats:
    """Cosines of some rows; all rows in their order are not copied first."""
    if len(rows) == len(vectors) and (not len(rows) or (rows[0], rows[-1]) == (0, len(rows) - 1)):
        every: Floats = vectors @ query
        return every
    some: Floats = np.asarray(vectors[rows]) @ query
    return some


def _emphasis(cosines: Floats) -> NDArray[np.float64]:
    # Less 1, so that nothing overflows: it is put back by _as_closeness.
    weights: NDArray[np.float64] = np.exp(SHARPNESS * (cosines.astype(np.float64) - 1))
    return weights


def _as_closeness(weight: NDArray[np.float64]) -> Floats:
    smooth = np.log(np.maximum(weight, np.exp(-2 * SHARPNESS))) / SHARPNESS + 1
    return smooth.astype(np.float32)


def _sum_within(values: NDArray[np.float64], offsets: Rows) -> NDArray[np.float64]:
    sums = np.zeros(len(offsets) - 1)
    filled = np.flatnonzero(np.diff(offsets))
    if len(filled):
        sums[filled] = np.add.reduceat(values, offsets[filled])
    return sums


def _max_within(values: Floats, offsets: Rows) -> Floats:
    best = np.full(len(offsets) - 1, -1.0, dtype=np.float32)
    filled = np.flatnonzero(np.diff(offsets))
    if len(filled):
        best[filled] = np.maximum.reduceat(values, offsets[filled])
    return best


def _argmax_within(values: Floats, offsets: Rows) -> Rows:
    """The place of the greatest value of each span; of an empty span, its start."""
    best = _max_within(values, offsets)
    found = np.minimum(offsets[:-1], max(len(values) - 1, 0))
    at = np.flatnonzero(values == np.repeat(best, np.diff(offsets)))[::-1]
    owner = np.searchsorted(offsets, at, side="right") - 1
    found[owner] = at
    return found
