"""A stand-in for a model: word pieces hashed into buckets. No download, no training, no torch.

It knows no synonyms, so it is for tests and for trying the portal out, not for customers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kbportal.embedding.ports import Progress, Recipe, Vectors
from kbportal.kernel.text import fold

DIMENSION = 256
_PIECE = 4


class HashingEmbedder:
    """Deterministic vectors from hashed character pieces; both an embedder and an encoder."""

    recipe = Recipe(model="hashing", digest="1", dimension=DIMENSION)

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = self.encode(text)
            if progress:
                progress(1)
        return rows

    def encode(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(DIMENSION, dtype=np.float32)
        for word in fold(text).split():
            padded = f"_{word}_"
            for start in range(max(1, len(padded) - _PIECE + 1)):
                vector[_bucket(padded[start : start + _PIECE])] += 1.0
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector

    def tokens(self, text: str) -> int:
        return 0

    def export_encoder(self, folder: Path) -> None:
        (folder / "encoder.json").write_text(json.dumps({"kind": "hashing"}))


def _bucket(piece: str) -> int:
    digest = hashlib.blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big") % DIMENSION
