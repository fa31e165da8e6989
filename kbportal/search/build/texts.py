"""What of a page is embedded, and by which key each text is known from build to build."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from kbportal.search.index.pages import Page

_KEY_BYTES = 16

Key = bytes
Keys = NDArray[np.bytes_]
"""(n,) of 16 bytes each, a hash of the text."""


def passage_texts(page: Page) -> list[str]:
    """What is embedded for each passage: it means little without its title and heading."""
    return [
        ". ".join(part for part in (page.article.title, passage.heading, passage.text) if part)
        for passage in page.passages
    ]


KINDS: Mapping[str, Callable[[Page], Sequence[str]]] = {
    "passages": passage_texts,
    "questions": attrgetter("questions"),
    "titles": lambda page: (page.name,),
}
"""All texts of a page that are embedded; another line here, and an array in `VectorIndex`, is
another kind."""


def key_of(text: str) -> Key:
    """By which a text is known from one generation to the next."""
    encoded = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(encoded, digest_size=_KEY_BYTES).digest()


def count_of(keys: Sequence[Keys]) -> int:
    """How many different texts these are the keys of."""
    # 64 of their 128 bits are enough to count by, and numbers are sorted faster than bytes.
    halves = [some.view(np.uint64)[::2] for some in keys]
    return len(np.unique(np.concatenate(halves))) if halves else 0


def empty_keys(count: int = 0) -> Keys:
    """Room for so many keys."""
    return np.empty(count, dtype=f"S{_KEY_BYTES}")
