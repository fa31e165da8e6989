"""BM25 with everything but the sum worked out beforehand, in arrays that workers share.

A term is known by its hash, looked up by bisection in a memory-mapped array: nothing is loaded
when a worker starts.

Source of the formula: Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, with
the idf of Lucene, log(1 + (N - n + 0.5) / (n + 0.5)), which is never negative. Eager scoring:
Lù, BM25S, 2024.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from kbportal.search.tally import Tally, tally_of, term_hash

K1 = 1.2
B = 0.75
# A word said five times in a ticket is not five times as important.
MOST_REPEATS = 2

Scores = NDArray[np.float32]
"""(articles,) float32."""

Number = TypeVar("Number", float, NDArray[np.floating])
"""One value, or an array of them."""

_ARRAYS = ("hashes", "starts", "articles", "weights", "idf", "lengths")


@dataclass(frozen=True, slots=True)
class Impacts:
    """Postings by term.

    Attributes:
        hashes: (t,) uint64, ascending.
        starts: (t + 1,) int64; the postings of term i are [starts[i], starts[i + 1]).
        articles: (p,) int32, the article of each posting.
        weights: (p,) float32, what the term adds to that article's score.
        idf: (t,) float32.
        lengths: (a,) float32, terms in each article.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    articles: NDArray[np.int32]
    weights: NDArray[np.float32]
    idf: NDArray[np.float32]
    lengths: NDArray[np.float32]

    @property
    def size(self) -> int:
        """Number of articles."""
        return len(self.lengths)

    def score(self, terms: Iterable[str]) -> Scores:
        """The BM25 score of every article for these terms."""
        total = np.zeros(self.size, dtype=np.float32)
        for _, at, repeats in self._known(terms):
            span = slice(self.starts[at], self.starts[at + 1])
            total[self.articles[span]] += self.weights[span] * repeats
        return total

    def score_of(self, text: Sequence[str], terms: Iterable[str]) -> float:
        """The score that an article with this text would have if it were in the index."""
        counts = Counter(text)
        average = _average(self.lengths)
        return sum(
            float(self.idf[at] * _saturation(counts[term], len(text), average)) * repeats
            for term, at, repeats in self._known(terms)
            if counts[term]
        )

    def information(self, terms: Iterable[str]) -> float:
        """The sum of idf over the distinct terms, unknown ones as rare as can be."""
        distinct = set(terms)
        known = [at for _, at, _ in self._known(distinct)]
        rarest = float(np.log(1 + (self.size + 0.5) / 0.5))
        return float(self.idf[known].sum()) + rarest * (len(distinct) - len(known))

    def worth(self, term: str) -> float:
        """The idf of one term, that of the rarest for an unknown one."""
        return self.information((term,))

    def _known(self, terms: Iterable[str]) -> Iterator[tuple[str, int, int]]:
        """Those terms that the index has: the term, its place, its repeats that count."""
        counts = Counter(terms)
        if not counts or not len(self.hashes):
            return
        wanted = np.fromiter(map(term_hash, counts), dtype=np.uint64, count=len(counts))
        places = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        found = self.hashes[places] == wanted
        for (term, repeats), at, is_there in zip(counts.items(), places, found, strict=True):
            if is_there:
                yield term, int(at), min(repeats, MOST_REPEATS)


def build_impacts(texts: Sequence[Sequence[str]]) -> Impacts:
    """Impacts of articles given as lists of terms; row i of every score is texts[i]."""
    return weighed(tally_of(texts))


def weighed(tally: Tally) -> Impacts:
    """What each term of a tally adds to the score of each article that has it."""
    frequency = np.diff(tally.starts)
    common = frequency.astype(np.float32)
    idf = np.log(1 + (len(tally.lengths) - common + 0.5) / (common + 0.5)).astype(np.float32)
    counts, lengths = tally.counts.astype(np.float32), tally.lengths[tally.articles]
    weights = np.repeat(idf, frequency) * _saturation(counts, lengths, _average(tally.lengths))
    return Impacts(
        hashes=tally.hashes,
        starts=tally.starts,
        articles=tally.articles,
        weights=np.asarray(weights, dtype=np.float32),
        idf=idf,
        lengths=tally.lengths,
    )


def save_impacts(impacts: Impacts, folder: Path, name: str) -> None:
    """Write the arrays as `<name>.<array>.npy`."""
    for array in _ARRAYS:
        np.save(folder / f"{name}.{array}.npy", getattr(impacts, array))


def load_impacts(folder: Path, name: str) -> Impacts:
    """Map the arrays into memory; pages are shared by all workers that do so."""
    return Impacts(
        **{array: np.load(folder / f"{name}.{array}.npy", mmap_mode="r") for array in _ARRAYS}
    )


def _saturation(count: Number, length: Number, average: float) -> Number:
    """How much a term counts that is said `count` times in a text of that length."""
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / average))


def _average(lengths: NDArray[np.float32]) -> float:
    return max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
