"""Embedding a few passages without torch, which takes seconds to load: one article has changed.

The very weights of the model, 32 bits each, run by ONNX Runtime: the vectors are those that torch
gives (mean cosine 0.99997 on 32 real passages; torch computes in 16 bits), a third as fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kbportal.embedding.encoder import PASSAGES, OnnxEncoder, read_facts
from kbportal.embedding.ports import ModelUnusable, Progress, Recipe, Vectors

MOST = 200
"""Texts; with more it is faster to load torch."""


class OnnxPassages:
    """Embeds passages with what an embedder exported beside the query encoder.

    Raises:
        ModelUnusable: The export is missing, damaged, or has no part for passages.
    """

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        self.recipe = recipe
        try:
            facts = {**read_facts(folder), "query_prefix": recipe.passage_prefix}
            self._encoder = OnnxEncoder(folder, facts, network=PASSAGES)
        except Exception as error:
            raise ModelUnusable(
                f"The passage encoder in {folder} cannot be used: {error}"
            ) from error

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """One row per passage, in order."""
        rows = np.zeros((len(texts), self.recipe.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = self._encoder.encode(text)
            if progress:
                progress(1)
        return rows
