"""Vectors for a generation: new texts are embedded, the rows of known ones are taken over.

Nothing here holds all texts, or all vectors, in memory: pages are read off the shelf one by one,
and rows go straight into the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from kbportal.embedding.ports import PassageEmbedder
from kbportal.search.index.linking import link_files
from kbportal.search.index.pages import Page
from kbportal.search.index.plan import Plan
from kbportal.search.index.vectors import article_means, is_vector_file, vector_file

_CHUNK = 1024
_KEY_BYTES = 16

Key = bytes
Keys = NDArray[np.bytes_]
"""(n,) of 16 bytes each, a hash of the text."""


def passage_texts(page: Page, *, titled: bool = True) -> list[str]:
    """What is embedded for each passage: it means little without its title and heading."""
    title = page.article.title if titled else ""
    return [
        ". ".join(part for part in (title, passage.heading, passage.text) if part)
        for passage in page.passages
    ]


KINDS: Mapping[str, Callable[[Page], Sequence[str]]] = {
    "passages": passage_texts,
    "questions": attrgetter("questions"),
    "titles": lambda page: (page.name,),
}
"""All texts of a page that are embedded; another line here, and an array in `VectorIndex`, is
another kind."""


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
        self._arrays = [_planned(plan, kind, reuse) for plan in plans for kind in KINDS]
        keys = [array.keys for array in self._arrays]
        absent = [array.keys[array.source < 0] for array in self._arrays]
        self._reuse = reuse
        self._known = len(np.unique(np.concatenate(keys))) if keys else 0
        self._missing = np.unique(np.concatenate(absent)) if absent else _no_keys()

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
            _write_derived(folder / plan.lang)
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


@dataclass(frozen=True, slots=True)
class _Array:
    """One kind of vectors of one language.

    Attributes:
        starts: (a + 1,) int64; the rows of public article i are [starts[i], starts[i + 1]).
        keys: (n,) the key of each row's text.
        source: (n,) int64, the row in the generation before, -1 where there is none.
        read: Places of the pages whose texts were looked at.
    """

    plan: Plan
    kind: str
    starts: NDArray[np.int64]
    keys: Keys
    source: NDArray[np.int64]
    read: tuple[int, ...]

    def write(self, folder: Path, missing: Keys, fresh: NDArray[np.float32]) -> None:
        """Write the rows, their keys and where each article's begin."""
        path = vector_file(folder, self.kind)
        shape = (len(self.keys), fresh.shape[1])
        rows = open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
        before = self._before()
        for at in range(0, len(rows), _CHUNK):
            span = slice(at, at + _CHUNK)
            source = self.source[span]
            chunk = np.empty((len(source), fresh.shape[1]), dtype=np.float32)
            known = source >= 0
            if before is not None:
                chunk[known] = before[source[known]]
            chunk[~known] = fresh[np.searchsorted(missing, self.keys[span][~known])]
            rows[span] = chunk
        rows.flush()
        np.save(vector_file(folder, f"{self.kind}.keys"), self.keys)
        np.save(vector_file(folder, f"{self.kind}.starts"), self.starts)

    def _before(self) -> NDArray[np.float32] | None:
        if not (self.source >= 0).any():
            return None
        assert self.plan.earlier
        return np.load(vector_file(self.plan.earlier, self.kind), mmap_mode="r")  # type: ignore[no-any-return]


def key_of(text: str) -> Key:
    """By which a text is known from one generation to the next."""
    encoded = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(encoded, digest_size=_KEY_BYTES).digest()


def _planned(plan: Plan, kind: str, reuse: bool) -> _Array:
    """Which rows an array will have, and which of them are there already."""
    earlier = plan.earlier if reuse else None
    if earlier and not vector_file(earlier, f"{kind}.keys").exists():
        earlier = None
    old_keys, old_starts = _no_keys(), np.zeros(1, dtype=np.int64)
    if earlier:
        old_keys = np.load(vector_file(earlier, f"{kind}.keys"))
        old_starts = np.load(vector_file(earlier, f"{kind}.starts"))
    taken = plan.taken if earlier else np.full(plan.public, -1, dtype=np.int64)
    read = tuple(int(at) for at in np.flatnonzero(taken < 0))
    texts = {at: [key_of(text) for text in KINDS[kind](plan.pages[at])] for at in read}
    kept = np.maximum(taken, 0)
    sizes = (old_starts[kept + 1] - old_starts[kept]) if earlier else np.zeros_like(taken)
    sizes[list(read)] = [len(texts[at]) for at in read]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    source = np.full(int(starts[-1]), -1, dtype=np.int64)
    keys = np.empty(int(starts[-1]), dtype=f"S{_KEY_BYTES}")
    if earlier:
        is_kept = np.repeat(taken >= 0, sizes)
        offsets = np.repeat(old_starts[kept] - starts[:-1], sizes)
        source[is_kept] = (np.arange(len(source)) + offsets)[is_kept]
        keys[is_kept] = old_keys[source[is_kept]]
    for at, found in texts.items():
        keys[starts[at] : starts[at + 1]] = np.array(found, dtype=keys.dtype)
    return _Array(plan, kind, starts, keys, _recognised(keys, source, old_keys), read)


def _recognised(keys: Keys, source: NDArray[np.int64], old_keys: Keys) -> NDArray[np.int64]:
    """Sources with those texts found again that stand elsewhere now, as in a renamed article."""
    unknown = np.flatnonzero(source < 0)
    if len(unknown) and len(old_keys):
        order = np.argsort(old_keys)
        places = np.minimum(np.searchsorted(old_keys, keys[unknown], sorter=order), len(order) - 1)
        rows = order[places]
        source[unknown] = np.where(old_keys[rows] == keys[unknown], rows, -1)
    return source


def _pages_to_read(plan: Plan, arrays: Sequence[_Array]) -> Iterator[Page]:
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


def _write_derived(folder: Path) -> None:
    """The arrays that follow from the others: where each article's rows begin, and its mean."""
    passages, questions = (
        np.load(vector_file(folder, kind), mmap_mode="r") for kind in ("passages", "questions")
    )
    starts, asked = (
        np.load(vector_file(folder, f"{kind}.starts")) for kind in ("passages", "questions")
    )
    np.save(vector_file(folder, "starts"), starts)
    np.save(vector_file(folder, "question_starts"), asked)
    np.save(vector_file(folder, "means"), article_means(passages, starts, questions, asked))


def _place(keys: Keys, key: Key) -> int:
    """Where a key is among sorted ones, -1 if it is not."""
    wanted = np.array(key, dtype=keys.dtype)
    at = int(np.searchsorted(keys, wanted))
    return at if at < len(keys) and keys[at] == wanted else -1


def _no_keys() -> Keys:
    return np.empty(0, dtype=f"S{_KEY_BYTES}")
