"""Vectors for a generation: new texts are embedded, known ones are taken over."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kbportal.embedding.ports import Embedder, Vectors
from kbportal.search.pages import Page
from kbportal.search.vectors import Rows, VectorIndex, article_means, load_vectors, save_vectors

_BATCH = 512
_KEYS = "vectors.keys.npy"

Key = bytes


@dataclass(frozen=True, slots=True)
class Embedding:
    """How many vectors were taken over, and how many texts were embedded."""

    reused: int
    embedded: int


def embed_pages(
    by_lang: Mapping[str, Sequence[Page]],
    folder: Path,
    embedder: Embedder,
    *,
    previous: Path | None,
    progress: Callable[[int, int], None],
) -> Embedding:
    """Write the vectors of every language below `folder`.

    Args:
        previous: A generation made by the same recipe, whose vectors may be taken over.
    """
    texts = {
        lang: _Texts.of([page for page in pages if page.article.is_public])
        for lang, pages in by_lang.items()
    }
    known = _known_vectors(previous, texts) if previous else {}
    everything = {_key(text): text for found in texts.values() for text in found.everything}
    missing = {key: text for key, text in everything.items() if key not in known}
    fresh = _embed(list(missing.values()), embedder, progress)
    known.update(zip(missing, fresh, strict=True))
    for lang, found in texts.items():
        keys = [_key(text) for text in found.everything]
        np.save(folder / lang / _KEYS, np.array(keys, dtype="S16"))
        save_vectors(found.index(known, embedder.recipe.dimension), folder / lang)
    return Embedding(reused=len(everything) - len(missing), embedded=len(missing))


@dataclass(frozen=True, slots=True)
class _Texts:
    """What is embedded of one language, in row order, and where the rows of each article begin."""

    passages: list[str]
    starts: Rows
    questions: list[str]
    question_starts: Rows
    titles: list[str]

    @classmethod
    def of(cls, pages: Sequence[Page]) -> _Texts:
        return cls(
            [text for page in pages for text in passage_texts(page)],
            _starts(len(page.passages) for page in pages),
            [question for page in pages for question in page.questions],
            _starts(len(page.questions) for page in pages),
            [page.name for page in pages],
        )

    @property
    def everything(self) -> list[str]:
        return [*self.passages, *self.questions, *self.titles]

    def index(self, known: Mapping[Key, NDArray[np.float32]], dimension: int) -> VectorIndex:
        passages = _stack(self.passages, known, dimension)
        questions = _stack(self.questions, known, dimension)
        return VectorIndex(
            passages=passages,
            starts=self.starts,
            questions=questions,
            question_starts=self.question_starts,
            titles=_stack(self.titles, known, dimension),
            means=article_means(passages, self.starts, questions, self.question_starts),
        )


def passage_texts(page: Page, *, titled: bool = True) -> list[str]:
    """What is embedded for each passage: it means little without its title and heading."""
    title = page.article.title if titled else ""
    return [
        ". ".join(part for part in (title, passage.heading, passage.text) if part)
        for passage in page.passages
    ]


def _starts(sizes: Iterable[int]) -> Rows:
    return np.concatenate([[0], np.cumsum(list(sizes), dtype=np.int64)]).astype(np.int64)


def _known_vectors(previous: Path, wanted: Mapping[str, object]) -> dict[Key, NDArray[np.float32]]:
    known: dict[Key, NDArray[np.float32]] = {}
    for lang in wanted:
        folder = previous / lang
        if not (folder / _KEYS).exists():
            continue
        keys = np.load(folder / _KEYS)
        index = load_vectors(folder)
        rows = itertools.chain(index.passages, index.questions, index.titles)
        for key, row in zip(keys, rows, strict=True):
            known[bytes(key).ljust(16, b"\0")] = row
    return known


def _embed(
    texts: Sequence[str], embedder: Embedder, progress: Callable[[int, int], None]
) -> list[NDArray[np.float32]]:
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(done, len(texts))

    rows: list[NDArray[np.float32]] = []
    for at in range(0, len(texts), _BATCH):
        rows += list(embedder.embed(texts[at : at + _BATCH], progress=advance))
    return rows


def _stack(
    texts: Sequence[str], known: Mapping[Key, NDArray[np.float32]], dimension: int
) -> Vectors:
    rows = np.zeros((len(texts), dimension), dtype=np.float32)
    for row, text in enumerate(texts):
        rows[row] = known[_key(text)]
    return rows


def _key(text: str) -> Key:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
