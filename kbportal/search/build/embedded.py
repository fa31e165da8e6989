"""Vectors for a generation: new texts are embedded, the rows of known ones are taken over.

Nothing here holds all texts, or all vectors, in memory: pages are read off the shelf one by one,
and rows go straight into the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from kbportal.embedding.ports import PassageEmbedder
from kbportal.search.build.texts import KINDS, Key, Keys, count_of, empty_keys, key_of
from kbportal.search.build.vector_rows import Array, planned
from kbportal.search.index.impacts import mapped
from kbportal.search.index.linking import link_files
from kbportal.search.index.pages import Page
from kbportal.search.index.plan import Plan
from kbportal.search.index.vectors import article_mean, is_vector_file, vector_file

_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Embedding:
    """How many texts had a vector already, and how many were embedded."""

    reused: int
    embedded: int


class Vectoring:
    """The vectors of all languages of a generation, planned first and then written.

    Args:
        reuse: Whether the vectors of the generation before were made by the same recipe.
    """

    def __init__(self, plans: Sequence[Plan], *, reuse: bool) -> None:
        self._plans = plans
        self._arrays = [planned(plan, kind, reuse) for plan in plans for kind in KINDS]
        absent = [array.keys[array.source < 0] for array in self._arrays]
        self._reuse = reuse
        self._known = count_of([array.keys for array in self._arrays])
        self._missing = np.unique(np.concatenate(absent)) if absent else empty_keys()

    @property
    def missing(self) -> int:
        """How many different texts have to be embedded."""
        return len(self._missing)

    def write(
        self, folder: Path, embedder: PassageEmbedder, *, progress: Callable[[int, int], None]
    ) -> Embedding:
        """Embed what is missing, and write the arrays of every language below `folder`."""
        dimension = embedder.recipe.dimension
        scratch = folder / "fresh.npy"
        fresh = open_memmap(scratch, mode="w+", dtype=np.float32, shape=(self.missing, dimension))
        self._embed(fresh, embedder, progress)
        for plan in self._plans:
            if self._reuse and plan.earlier and not (plan.fresh or plan.gone):
                link_files(plan.earlier, folder / plan.lang, keep=is_vector_file, folders=False)
                continue
            for array in self._arrays:
                if array.plan is plan:
                    array.write(folder / plan.lang, self._missing, fresh)
            _write_derived(folder / plan.lang, plan, reuse=self._reuse)
        scratch.unlink()
        return Embedding(reused=self._known - self.missing, embedded=self.missing)

    def _embed(
        self,
        fresh: NDArray[np.float32],
        embedder: PassageEmbedder,
        progress: Callable[[int, int], None],
    ) -> None:
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            progress(done, self.missing)

        for rows, texts in _chunks(self._missing_texts()):
            fresh[rows] = embedder.embed(texts, progress=advance)

    def _missing_texts(self) -> Iterator[tuple[int, str]]:
        """Each text to embed, once, with its row."""
        wanted = np.ones(self.missing, dtype=bool)
        for plan in self._plans:
            for page in _pages_to_read(plan, self._arrays):
                for texts_of in KINDS.values():
                    for text in texts_of(page):
                        row = _place(self._missing, key_of(text))
                        if row >= 0 and wanted[row]:
                            wanted[row] = False
                            yield row, text


def _pages_to_read(plan: Plan, arrays: Sequence[Array]) -> Iterator[Page]:
    own = (array for array in arrays if array.plan is plan and (array.source < 0).any())
    places = sorted({at for array in own for at in array.read})
    return (plan.pages[at] for at in places)


def _chunks(found: Iterator[tuple[int, str]]) -> Iterator[tuple[list[int], list[str]]]:
    rows: list[int] = []
    texts: list[str] = []
    for row, text in found:
        rows.append(row)
        texts.append(text)
        if len(rows) == _CHUNK:
            yield rows, texts
            rows, texts = [], []
    if rows:
        yield rows, texts


def _write_derived(folder: Path, plan: Plan, *, reuse: bool) -> None:
    """The arrays that follow from the others: where each article's rows begin, and its mean."""
    passages, questions = (mapped(vector_file(folder, kind)) for kind in ("passages", "questions"))
    starts, asked = (
        np.load(vector_file(folder, f"{kind}.starts")) for kind in ("passages", "questions")
    )
    np.save(vector_file(folder, "starts"), starts)
    np.save(vector_file(folder, "question_starts"), asked)
    means = np.empty((plan.public, passages.shape[1]), dtype=np.float32)
    known = np.full(plan.public, -1, dtype=np.int64)
    if reuse and plan.earlier and vector_file(plan.earlier, "means").exists():
        known = plan.taken
        means[known >= 0] = mapped(vector_file(plan.earlier, "means"))[known[known >= 0]]
    for at in np.flatnonzero(known < 0):
        own, its = slice(starts[at], starts[at + 1]), slice(asked[at], asked[at + 1])
        means[at] = article_mean(passages[own], questions[its])
    np.save(vector_file(folder, "means"), means)


def _place(keys: Keys, key: Key) -> int:
    """Where a key is among sorted ones, -1 if it is not."""
    wanted = np.array(key, dtype=keys.dtype)
    at = int(np.searchsorted(keys, wanted))
    return at if at < len(keys) and keys[at] == wanted else -1
