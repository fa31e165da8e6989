"""How often each term occurs in each article: what BM25 is worked out from, kept for the next time.

An article that changes changes the weight of every other one, through the number of articles that
have a term and through the average length; it does not change how often the others say what. So
the counts of unchanged articles are taken over from the generation before, and only weighed again.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_MOST_COUNTED = 65_535

Number = TypeVar("Number", np.int32, np.uint16)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts as postings by term, and within a term by article.

    Attributes:
        hashes: (t,) uint64, ascending; a term is known by 64 bits of its hash.
        starts: (t + 1,) int64; the postings of term i are [starts[i], starts[i + 1]).
        articles: (p,) int32, the article of each posting.
        counts: (p,) uint16, how often it says the term.
        lengths: (a,) float32, terms in each article.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    articles: NDArray[np.int32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.float32]


class Counting:
    """Counts one article after another; four numbers per posting are all that it keeps."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}
        self._columns, self._rows, self._counts = array("i"), array("i"), array("H")
        self._lengths = array("f")

    def add(self, terms: Sequence[str]) -> None:
        """Count the next article; its row is the number of those before it."""
        known, row = self._terms, len(self._lengths)
        for term, count in Counter(terms).items():
            self._columns.append(known.setdefault(term, len(known)))
            self._rows.append(row)
            self._counts.append(min(count, _MOST_COUNTED))
        self._lengths.append(len(terms))

    def tally(self) -> Tally:
        """What has been counted."""
        hashes = np.fromiter(map(term_hash, self._terms), np.uint64, len(self._terms))
        order = np.argsort(hashes)
        rank = np.empty(len(order), dtype=np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        columns = rank[_numbers(self._columns, np.int32)]
        by_term = np.argsort(columns, kind="stable")
        frequency = np.bincount(columns, minlength=len(order))
        return Tally(
            hashes=hashes[order],
            starts=_ends(frequency),
            articles=_numbers(self._rows, np.int32)[by_term],
            counts=_numbers(self._counts, np.uint16)[by_term],
            lengths=_numbers(self._lengths, np.float32),
        )


def updated(before: Tally, taken: NDArray[np.int64], fresh: Tally) -> Tally:
    """The tally of a new set of articles, as if all of them had been counted afresh.

    Args:
        taken: (a,) int64, for each article its row in `before`, ascending, or -1 if it is the
            next one of `fresh`.
        fresh: Of the articles that are not taken over, in order.
    """
    kept, new = np.flatnonzero(taken >= 0), np.flatnonzero(taken < 0)
    row_of = np.full(len(before.lengths), -1, dtype=np.int32)
    row_of[taken[kept]] = kept
    hashes = np.union1d(before.hashes, fresh.hashes)
    frequency = np.zeros(len(hashes), dtype=np.int64)
    rows, counts = _stay(before, row_of, np.searchsorted(hashes, before.hashes), frequency)
    new_rows = new.astype(np.int32)[fresh.articles]
    columns = np.searchsorted(hashes, fresh.hashes)
    places = _places(rows, _ends(frequency), columns, fresh.starts, new_rows)
    frequency[columns] += np.diff(fresh.starts)
    lengths = np.empty(len(taken), dtype=np.float32)
    lengths[kept], lengths[new] = before.lengths[taken[kept]], fresh.lengths
    return Tally(
        hashes=hashes[frequency > 0],
        starts=_ends(frequency[frequency > 0]),
        articles=_with(rows, places, new_rows),
        counts=_with(counts, places, fresh.counts),
        lengths=lengths,
    )


def save_counts(tally: Tally, folder: Path, name: str) -> None:
    """Write what the impacts of that name leave out: `<name>.counts.npy`."""
    np.save(folder / f"{name}.counts.npy", tally.counts)


def load_tally(folder: Path, name: str) -> Tally:
    """The tally that the impacts of that name were worked out from.

    Raises:
        OSError, ValueError: A file is missing or damaged.
    """
    names = Tally.__slots__
    return Tally(**{one: np.load(folder / f"{name}.{one}.npy", mmap_mode="r") for one in names})


def term_hash(term: str) -> int:
    """64 bits of a term. Among 100,000 terms two share them with probability 3e-10."""
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _stay(
    before: Tally,
    row_of: NDArray[np.int32],
    columns: NDArray[np.int64],
    frequency: NDArray[np.int64],
) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
    """Rows and counts of the postings whose article stays; `frequency` is set to how many do.

    There are millions of them and few go, so as few arrays as can be are made of all.
    """
    gone = np.flatnonzero((row_of < 0)[before.articles])
    terms = np.searchsorted(before.starts, gone, side="right") - 1
    frequency[columns] = np.diff(before.starts) - np.bincount(terms, minlength=len(columns))
    rows = _without(before.articles, gone)
    moved = ((row_of >= 0) & (row_of != np.arange(len(row_of)))).any()
    return row_of[rows] if moved else rows, _without(before.counts, gone)


def _places(
    rows: NDArray[np.int32],
    starts: NDArray[np.int64],
    columns: NDArray[np.int64],
    fresh_starts: NDArray[np.int64],
    fresh_rows: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Where each fresh posting goes among those that stay: by term, then by article."""
    places = np.empty(len(fresh_rows), dtype=np.int64)
    for term, column in enumerate(columns):
        span = slice(fresh_starts[term], fresh_starts[term + 1])
        first = starts[column]
        own = rows[first : starts[column + 1]]
        places[span] = first + np.searchsorted(own, fresh_rows[span])
    return places


def _without(values: NDArray[Number], gone: NDArray[np.int64]) -> NDArray[Number]:
    """All but the values at these places, in order: what numpy's `delete` gives, in large runs."""
    firsts, ends = [0, *(gone + 1).tolist()], [*gone.tolist(), len(values)]
    runs = [values[first:end] for first, end in zip(firsts, ends, strict=True)]
    return np.concatenate(runs)


def _with(
    values: NDArray[Number], places: NDArray[np.int64], new: NDArray[Number]
) -> NDArray[Number]:
    """Each new value put in before the one at its place, likewise instead of numpy's `insert`."""
    edges = [0, *places.tolist(), len(values)]
    runs: list[NDArray[Number]] = [values[first:end] for first, end in pairwise(edges)]
    fresh: list[NDArray[Number]] = [new[at : at + 1] for at in range(len(new))]
    return np.concatenate([runs[0], *chain.from_iterable(zip(fresh, runs[1:], strict=True))])


def _ends(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _numbers(found: array[int] | array[float], kind: type) -> NDArray:  # type: ignore[type-arg]
    return np.frombuffer(found, dtype=kind) if len(found) else np.empty(0, dtype=kind)
