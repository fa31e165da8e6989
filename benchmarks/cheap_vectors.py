"""Vectors that cost minutes instead of hours, for measuring searches at scale.

The first texts are embedded by the real model; a linear map from their words to these vectors is
fitted (ridge regression) and stands in for the model on all other texts. Shape, spread and the
query encoder are the real ones, so that searching does the same arithmetic and calibration sees
a model that knows something; how good the answers are says nothing. The index bears the recipe of
the real model, so that the portal serves it as it is: never put it to any other use.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kbportal.embedding.ports import Embedder, Progress, Recipe, Vectors

_SAMPLE = 1500
_BUCKETS = 2048
_RIDGE = 1.0
_WORD = re.compile(r"\w+")


class CheapEmbedder:
    """A model's double: its recipe, its query encoder, and approximations of its vectors."""

    def __init__(self, model: Embedder, *, sample: int = _SAMPLE) -> None:
        self._model = model
        self._wanted = sample
        self._seen: list[NDArray[np.float32]] = []
        self._rows: list[NDArray[np.float32]] = []
        self._map: NDArray[np.float32] | None = None

    @property
    def recipe(self) -> Recipe:
        return self._model.recipe

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        if self._map is None:
            return self._embed_and_learn(texts, progress)
        rows = _bags(texts) @ self._map
        if progress:
            progress(len(texts))
        scaled: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return scaled

    def export_encoder(self, folder: Path) -> None:
        self._model.export_encoder(folder)

    def _embed_and_learn(self, texts: Sequence[str], progress: Progress | None) -> Vectors:
        rows = self._model.embed(texts, progress=progress)
        self._seen.append(_bags(texts))
        self._rows.append(rows)
        if sum(map(len, self._rows)) >= self._wanted:
            bags, vectors = np.concatenate(self._seen), np.concatenate(self._rows)
            square = bags.T @ bags + _RIDGE * np.eye(_BUCKETS, dtype=np.float32)
            self._map = np.linalg.solve(square, bags.T @ vectors).astype(np.float32)
        return rows


def _bags(texts: Sequence[str]) -> NDArray[np.float32]:
    """(n, buckets) float32: how often words of each bucket are said, damped."""
    bags = np.zeros((len(texts), _BUCKETS), dtype=np.float32)
    for row, text in enumerate(texts):
        buckets = [crc32(word.encode()) % _BUCKETS for word in _WORD.findall(text.lower())]
        bags[row] = np.bincount(np.array(buckets, dtype=np.int64), minlength=_BUCKETS)
    return np.sqrt(bags)
