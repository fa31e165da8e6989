"""Keyword scores with everything but the sum worked out beforehand, in arrays that workers share.

A term is known by its hash, looked up by bisection in a memory-mapped array: nothing is loaded
when a worker starts.

Sources: BM25 from Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, with the idf
of Lucene, log(1 + (N - n + 0.5) / (n + 0.5)), which is never negative; the cosine of weighted terms
from Salton & Buckley, Term-weighting Approaches, 1988; eager scoring from Lù, BM25S, 2024.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kbportal.search.index.tally import Tally, term_hash

K1 = 1.2
B = 0.75
# A word said five times in a ticket is not five times as important.
MOST_REPEATS = 2

Scores = NDArray[np.float32]
"""(articles,) float32."""

Counts = NDArray[np.floating]
Length = TypeVar("Length", float, Counts)

_BLOCK = 1 << 17
_ARRAYS = ("hashes", "starts", "articles", "weights", "idf", "lengths")


class Formula(Enum):
    """How much a term counts in a text.

    BM25 asks how much of the query is in the text, whatever else is there. The cosine also asks
    how much of the text is in the query, which tells short texts such as titles apart.
    """

    BM25 = "bm25"
    COSINE = "cosine"


@dataclass(frozen=True, slots=True)
class Impacts:
    """Postings by term.

    Attributes:
        formula: That the weights were made by.
        hashes: (t,) uint64, ascending.
        starts: (t + 1,) int64; the postings of term i are [starts[i], starts[i + 1]).
        articles: (p,) int32, the article of each posting.
        weights: (p,) float32, what the term adds to that article's score.
        idf: (t,) float32.
        lengths: (a,) float32, terms in each article.
    """

    formula: Formula
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
        """The score of every article for these terms."""
        total = np.zeros(self.size, dtype=np.float32)
        for _, at, repeats in self._known(terms):
            span = slice(self.starts[at], self.starts[at + 1])
            weights = self.weights[span]
            # Three times as fast as `total[articles] += weights`, to the same bits.
            np.add.at(total, self.articles[span], weights if repeats == 1 else weights * repeats)
        return total

    def score_of(self, text: Sequence[str], terms: Iterable[str]) -> float:
        """The score that an article with this text would have if it were in the index."""
        weights = self._weights_in(text)
        return sum(weights.get(term, 0.0) * repeats for term, _, repeats in self._known(terms))

    def information(self, terms: Iterable[str]) -> float:
        """The sum of idf over the distinct terms, unknown ones as rare as can be."""
        distinct = set(terms)
        known = [at for _, at, _ in self._known(distinct)]
        return float(self.idf[known].sum()) + self._rarest() * (len(distinct) - len(known))

    def _weights_in(self, text: Sequence[str]) -> dict[str, float]:
        """What each term of a text would add to its score."""
        counts = Counter(text)
        known = {term: float(self.idf[at]) for term, at, _ in self._known(counts)}
        idf = np.array([known.get(term, self._rarest()) for term in counts])
        repeats = np.array(list(counts.values()), dtype=float)
        if self.formula is Formula.BM25:
            weights = idf * _saturation(repeats, _slowness(len(text), _average(self.lengths)))
        else:
            weights = _shares(idf, repeats)
            weights = weights * idf / np.linalg.norm(weights)
        return dict(zip(counts, weights.tolist(), strict=True))

    def _rarest(self) -> float:
        return float(_idf(self.size, np.zeros(())))

    def rows_with(self, term: str) -> NDArray[np.int32]:
        """Rows of the articles that have a term, ascending."""
        found = [
            self.articles[self.starts[at] : self.starts[at + 1]] for _, at, _ in self._known([term])
        ]
        return found[0] if found else np.empty(0, dtype=np.int32)

    def worths(self, terms: Sequence[str]) -> list[float]:
        """The idf of each term, that of the rarest for unknown ones."""
        worths: list[float] = _idf(self.size, self.frequencies(terms)).tolist()
        return worths

    def frequencies(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """How many articles have each of these terms."""
        if not len(self.hashes):
            return np.zeros(len(terms), dtype=np.int64)
        places, found = self._places(terms)
        counts: NDArray[np.int64] = self.starts[places + 1] - self.starts[places]
        return np.where(found, counts, 0)

    def _known(self, terms: Iterable[str]) -> Iterator[tuple[str, int, int]]:
        """Those terms that the index has: the term, its place, its repeats that count."""
        counts = Counter(terms)
        if not counts or not len(self.hashes):
            return
        places, found = (array.tolist() for array in self._places(counts))
        for (term, repeats), at, there in zip(counts.items(), places, found, strict=True):
            if there:
                yield term, at, min(repeats, MOST_REPEATS)

    def _places(self, terms: Collection[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Where each term is, and whether it is there, in an index that has any."""
        wanted = np.fromiter(map(term_hash, terms), dtype=np.uint64, count=len(terms))
        places = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        return places, self.hashes[places] == wanted


def weighed(tally: Tally, formula: Formula) -> Impacts:
    """What each term of a tally adds to the score of each article that has it."""
    frequency = np.diff(tally.starts)
    idf = _idf(len(tally.lengths), frequency.astype(np.float32)).astype(np.float32)
    own = np.repeat(idf, frequency)
    return Impacts(
        formula=formula,
        hashes=tally.hashes,
        starts=tally.starts,
        articles=tally.articles,
        weights=_bm25(tally, own) if formula is Formula.BM25 else _cosines(tally, own),
        idf=idf,
        lengths=tally.lengths,
    )


def _bm25(tally: Tally, idf: NDArray[np.float32]) -> NDArray[np.float32]:
    """The weight of each posting, given the idf of each, which is overwritten.

    Block by block: there are millions, and memory that a processor has at hand is quicker.
    """
    slowness = _slowness(tally.lengths, _average(tally.lengths))
    for at in range(0, len(idf), _BLOCK):
        span = slice(at, at + _BLOCK)
        counts = tally.counts[span].astype(np.float32)
        idf[span] *= _saturation(counts, slowness[tally.articles[span]])
    return idf


def _cosines(tally: Tally, idf: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same for texts whose weights are scaled to length 1."""
    shares = _shares(idf, tally.counts.astype(np.float32))
    norms = np.sqrt(np.bincount(tally.articles, shares**2, minlength=len(tally.lengths)))
    weights: NDArray[np.float32] = (idf * shares / norms[tally.articles]).astype(np.float32)
    return weights


def save_impacts(impacts: Impacts, folder: Path, name: str) -> None:
    """Write the arrays as `<name>.<array>.npy`."""
    for array in _ARRAYS:
        np.save(folder / f"{name}.{array}.npy", getattr(impacts, array))


def load_impacts(folder: Path, name: str, *, formula: Formula = Formula.BM25) -> Impacts:
    """Map the arrays into memory; pages are shared by all workers that do so."""
    return Impacts(
        formula,
        **{array: mapped(folder / f"{name}.{array}.npy") for array in _ARRAYS},
    )


def mapped(path: Path) -> NDArray[Any]:
    """An array on disk as a plain view of its pages: slicing a `memmap` costs 15 times more."""
    pages: NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    return pages


def _idf(articles: int, having: Any) -> NDArray[Any]:
    """How much a term tells that so many of the articles have; the kind of number is kept."""
    idf: NDArray[Any] = np.log(1 + (articles - having + 0.5) / (having + 0.5))
    return idf


def _saturation(count: Counts, slowness: Counts | float) -> Counts:
    """How much a term counts that is said `count` times, nearly K1 + 1 if it is said very often."""
    return count * (K1 + 1) / (count + slowness)


def _slowness(length: Length, average: float) -> Length:
    """How often a text of that length has to say a term until it counts half of what it can."""
    return K1 * (1 - B + B * length / average)


def _shares(idf: Counts, counts: Counts) -> Counts:
    """Weights of a text's terms before it is scaled to length 1."""
    shares: Counts = idf * (1 + np.log(counts))
    return shares


def _average(lengths: NDArray[np.float32]) -> float:
    return max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
