"""How alike texts are: by the meaning that the index's own encoder sees in them, and by letters.

Meaning is the cosine of vectors from which their common background is taken away: what all texts
of a help centre share says nothing, and without it one threshold serves every language, although
a model puts all Finnish or Romanian texts close together. Letters are the cosine of weighted runs
of four letters, as search has them: endings, compounds and slips of the pen hardly matter.
How much meaning counts depends on the trust that the index learnt for the language; without a
model, or in a language that it does not know, letters decide alone.

Measured on labelled sets: docs/deflection.md and `python -m benchmarks.gaps`.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kbportal.deflection.gaps.meaning import Encode, Floats, Meaning
from kbportal.search.text.analysis import grams, within_limits

_FEWEST_AROUND = 30
# Among five texts on one matter its words are in all of them, and yet they are what tells it.
_AS_IF_MANY = 300


@dataclass(frozen=True, slots=True)
class Likeness:
    """Texts made comparable: the likeness of two is the inner product of their rows.

    Attributes:
        letters: (n, v) float32, sparse. meaning: (n, d) float32.
    """

    letters: sparse.csr_array
    meaning: Floats

    def __len__(self) -> int:
        return int(self.letters.shape[0])

    def rows(self, which: Sequence[int] | NDArray[np.int64] | slice) -> Likeness:
        """These texts alone."""
        return Likeness(self.letters[which], self.meaning[which])

    def means(self, groups: NDArray[np.int64], count: int) -> Likeness:
        """One row per group, the mean of its members: its product with a text is how alike that
        text is to a member on average.

        Args:
            groups: (n,) int64, the group of each text; -1 for none.
        """
        (members,) = np.nonzero(groups >= 0)
        sizes = np.bincount(groups[members], minlength=count)
        weights = (1 / sizes[groups[members]]).astype(np.float32)
        pick = sparse.csr_array(
            (weights, (groups[members], members)), shape=(count, len(groups)), dtype=np.float32
        )
        return Likeness(sparse.csr_array(pick @ self.letters), np.asarray(pick @ self.meaning))

    def with_all(self, other: Likeness) -> Floats:
        """(n, m) float32: each text with each other one."""
        by_letters = (self.letters @ other.letters.T).toarray()
        alike: Floats = by_letters + self.meaning @ other.meaning.T
        return alike


def compare(texts: Sequence[str], meaning: Meaning) -> Likeness:
    """Make texts comparable with each other; what is longer than a query is cut like one."""
    share = meaning.share
    cut = [within_limits(text) for text in texts]
    letters = _letters(cut) * np.float32(math.sqrt(1 - share))
    if not share or meaning.encode is None:
        return Likeness(letters, np.zeros((len(cut), 0), dtype=np.float32))
    vectors = _encoded(cut, meaning.encode)
    _set_apart(vectors, meaning.background)
    vectors *= np.float32(math.sqrt(share))
    return Likeness(letters, vectors)


def _encoded(texts: Sequence[str], encode: Encode) -> Floats:
    """(n, d) float32; what stands there twice is encoded once."""
    places: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        places.setdefault(text, []).append(at)
    vectors = np.zeros((0, 0), dtype=np.float32)
    for text, rows in places.items():
        vector = encode(text)
        if not len(vectors):
            vectors = np.empty((len(texts), len(vector)), dtype=np.float32)
        vectors[rows] = vector
    return vectors


def _set_apart(vectors: Floats, background: Floats) -> None:
    """Take from vectors what they and the articles have in common; of length 1 again, in place.

    Few texts with nothing around them have no background: their mean would be their matter.
    """
    count = len(vectors) + len(background)
    if count >= _FEWEST_AROUND:
        total = vectors.sum(axis=0, dtype=np.float64)
        if len(background):
            total += background.sum(axis=0, dtype=np.float64)
        vectors -= (total / count).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    vectors /= np.maximum(lengths, 1e-9)[:, np.newaxis]


def _letters(texts: Sequence[str]) -> sparse.csr_array:
    """Rows of length 1; rarer runs of letters count more."""
    vocabulary: dict[str, int] = {}
    # Compact from the start: fifty thousand texts have millions of runs.
    values, columns, ends = array("f"), array("q"), array("q", [0])
    for text in texts:
        for gram, count in Counter(grams(text)).items():
            columns.append(vocabulary.setdefault(gram, len(vocabulary)))
            values.append(1 + math.log(count))
        ends.append(len(columns))
    shape = (len(texts), len(vocabulary))
    at = np.frombuffer(columns, dtype=np.int64)
    texts_with = np.bincount(at, minlength=shape[1])
    rarity = np.log((1 + max(shape[0], _AS_IF_MANY)) / (1 + texts_with)) + 1
    weighed = np.frombuffer(values, dtype=np.float32) * rarity[at].astype(np.float32)
    starts = np.frombuffer(ends, dtype=np.int64)
    made = sparse.csr_array((weighed, at, starts), shape=shape, dtype=np.float32)
    lengths = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    scaled = sparse.diags_array((1 / np.maximum(lengths, 1e-9)).astype(np.float32)) @ made
    return sparse.csr_array(scaled)
