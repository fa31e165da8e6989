"""One array of vectors of a new generation: which rows it has, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.lib.format import header_data_from_array_1_0, write_array_header_1_0
from numpy.typing import NDArray

from kbportal.search.build.texts import KINDS, Keys, empty_keys, key_of
from kbportal.search.index.plan import Plan
from kbportal.search.index.vectors import vector_file

_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Array:
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
        before = self._before()
        with vector_file(folder, self.kind).open("wb") as file:
            write_array_header_1_0(file, _header(len(self.keys), fresh))
            for span in _runs(self.source):
                first, size = self.source[span.start], span.stop - span.start
                if before is not None and first >= 0:
                    before[first : first + size].tofile(file)
                else:
                    fresh[np.searchsorted(missing, self.keys[span])].tofile(file)
        np.save(vector_file(folder, f"{self.kind}.keys"), self.keys)
        np.save(vector_file(folder, f"{self.kind}.starts"), self.starts)

    def _before(self) -> NDArray[np.float32] | None:
        if not (self.source >= 0).any():
            return None
        assert self.plan.earlier
        return np.load(vector_file(self.plan.earlier, self.kind), mmap_mode="r")  # type: ignore[no-any-return]


def _header(rows: int, like: NDArray[np.float32]) -> dict[str, object]:
    """What a file says of its array: so many rows of this kind."""
    return {**header_data_from_array_1_0(like), "shape": (rows, like.shape[1])}


def _runs(source: NDArray[np.int64]) -> Iterator[slice]:
    """Spans of rows that were one after another before, or of which none was there, not long."""
    one, next_ = source[:-1], source[1:]
    goes_on = np.where(one < 0, next_ < 0, next_ == one + 1)
    edges = [0, *(np.flatnonzero(~goes_on) + 1).tolist(), len(source)]
    for first, end in pairwise(edges):
        for at in range(first, end, _CHUNK):
            yield slice(at, min(at + _CHUNK, end))


def planned(plan: Plan, kind: str, reuse: bool) -> Array:
    """Which rows an array will have, and which of them are there already."""
    earlier = plan.earlier if reuse else None
    if earlier and not vector_file(earlier, f"{kind}.keys").exists():
        earlier = None
    taken = plan.taken if earlier else np.full(plan.public, -1, dtype=np.int64)
    read = tuple(int(at) for at in np.flatnonzero(taken < 0))
    found = {at: [key_of(text) for text in KINDS[kind](plan.pages[at])] for at in read}
    old_keys, old_starts = _stored(earlier, kind)
    # -1 stands for the last of these, which is nothing.
    sizes = np.append(np.diff(old_starts), 0)[taken]
    sizes[list(read)] = [len(found[at]) for at in read]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    source = np.where(np.repeat(taken >= 0, sizes), np.arange(starts[-1]), -1)
    source += np.where(source >= 0, np.repeat(old_starts[taken] - starts[:-1], sizes), 0)
    keys = empty_keys(len(source))
    keys[source >= 0] = old_keys[source[source >= 0]]
    for at, own in found.items():
        keys[starts[at] : starts[at + 1]] = np.array(own, dtype=keys.dtype)
    return Array(plan, kind, starts, keys, _recognised(keys, source, old_keys), read)


def _stored(folder: Path | None, kind: str) -> tuple[Keys, NDArray[np.int64]]:
    """Keys of the rows in the generation before, and where those of each article begin."""
    if folder is None:
        return empty_keys(), np.zeros(1, dtype=np.int64)
    keys, starts = (np.load(vector_file(folder, f"{kind}.{one}")) for one in ("keys", "starts"))
    return keys, starts


def _recognised(keys: Keys, source: NDArray[np.int64], old_keys: Keys) -> NDArray[np.int64]:
    """Sources with those texts found again that stand elsewhere now, as in a renamed article."""
    unknown = np.flatnonzero(source < 0)
    if len(unknown) and len(old_keys):
        wanted, which = np.unique(keys[unknown], return_inverse=True)
        places = np.minimum(np.searchsorted(wanted, old_keys), len(wanted) - 1)
        there = np.flatnonzero(wanted[places] == old_keys)
        rows = np.full(len(wanted), -1, dtype=np.int64)
        rows[places[there]] = there
        source[unknown] = rows[which]
    return source
