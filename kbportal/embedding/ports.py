"""What search asks of an embedding model.

Adding an adapter: implement `Embedder`, let it export a folder that `encoder.load_encoder`
understands, name it in `kbportal.wiring`, and add it to the contract test of embedders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from kbportal.kernel.errors import PortalError

Vectors = NDArray[np.float32]
"""(n, d) float32, rows of length 1 (or 0 for an empty text)."""

Progress = Callable[[int], None]
"""Called with the number of texts done since the last call."""


class ModelUnusable(PortalError):
    """The model is missing or damaged; search goes on with keywords."""

    code: ClassVar[str] = "model_unusable"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that, when changed, makes stored vectors worthless."""

    model: str
    digest: str
    dimension: int
    query_prefix: str = ""
    passage_prefix: str = ""


class PassageEmbedder(Protocol):
    """Embeds passages while an index is built."""

    @property
    def recipe(self) -> Recipe: ...

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """One row per passage, in order. The passage prefix is added here."""
        ...


class Embedder(PassageEmbedder, Protocol):
    """A model: it embeds passages, and gives what queries are encoded with."""

    def export_encoder(self, folder: Path) -> None:
        """Write what a web worker needs to encode queries into an existing, empty folder."""
        ...


class QueryEncoder(Protocol):
    """Encodes what a customer types, in milliseconds."""

    def encode(self, text: str) -> NDArray[np.float32]:
        """(d,) float32 of length 1. The query prefix is added here."""
        ...

    def tokens(self, text: str) -> int:
        """How many tokens the model reads a text as; 0 where it has no tokenizer of its own."""
        ...
