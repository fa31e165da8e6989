"""Vectors for a generation: new texts are embedded, known ones are taken over."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kbportal.embedding.ports import Embedder, Vectors
from kbportal.search.language import passage_starts
from kbportal.search.pages import Page
from kbportal.search.vectors import VectorIndex, article_means, save_vectors

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
    public = {lang: [p for p in pages if p.article.is_public] for lang, pages in by_lang.items()}
    texts = {lang: _texts(pages) for lang, pages in public.items()}
    known = _known_vectors(previous, texts) if previous else {}
    everything = {_key(t): t for found in texts.values() for t in (*found[0], *found[1])}
    missing = {key: text for key, text in everything.items() if key not in known}
    fresh = _embed(list(missing.values()), embedder, progress)
    known.update(zip(missing, fresh, strict=True))
    dimension = embedder.recipe.dimension
    for lang, pages in public.items():
        passages, questions = texts[lang]
        keys = [_key(text) for text in (*passages, *questions)]
        np.save(folder / lang / _KEYS, np.array(keys, dtype="S16"))
        rows = _stack(passages, known, dimension)
        starts = passage_starts(pages)
        owners = [row for row, page in enumerate(pages) for _ in page.questions]
        index = VectorIndex(
            passages=rows,
            starts=starts,
            means=article_means(rows, starts),
            questions=_stack(questions, known, dimension),
            question_articles=np.asarray(owners, dtype=np.int32),
        )
        save_vectors(index, folder / lang)
    return Embedding(reused=len(everything) - len(missing), embedded=len(missing))


def passage_texts(page: Page, *, titled: bool = True) -> list[str]:
    """What is embedded for each passage: it means little without its title and heading."""
    title = page.article.title if titled else ""
    return [
        ". ".join(part for part in (title, passage.heading, passage.text) if part)
        for passage in page.passages
    ]


def _texts(pages: Iterable[Page]) -> tuple[list[str], list[str]]:
    """Passage texts and questions, in row order."""
    passages: list[str] = []
    questions: list[str] = []
    for page in pages:
        passages += passage_texts(page)
        questions += page.questions
    return passages, questions


def _known_vectors(previous: Path, wanted: Mapping[str, object]) -> dict[Key, NDArray[np.float32]]:
    known: dict[Key, NDArray[np.float32]] = {}
    for lang in wanted:
        folder = previous / lang
        if not (folder / _KEYS).exists():
            continue
        keys = np.load(folder / _KEYS)
        passages = np.load(folder / "vectors.passages.npy", mmap_mode="r")
        questions = np.load(folder / "vectors.questions.npy", mmap_mode="r")
        for at, key in enumerate(keys):
            own, row = (passages, at) if at < len(passages) else (questions, at - len(passages))
            known[bytes(key).ljust(16, b"\0")] = own[row]
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
