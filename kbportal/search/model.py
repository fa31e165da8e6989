"""The model of a build: what embeds, or why nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kbportal.embedding.ports import Embedder, ModelUnusable


@dataclass(frozen=True, slots=True)
class Model:
    """An embedder and its recipe, or neither.

    Attributes:
        degraded: Why meaning is not used, or "".
    """

    embedder: Embedder | None
    recipe: Mapping[str, Any] | None
    degraded: str


def usable(embedder: Embedder | None) -> Model:
    """The model if its recipe can be read; otherwise an index goes by keywords and says so."""
    if embedder is None:
        return without("no_model")
    try:
        return Model(embedder, asdict(embedder.recipe), "")
    except (ModelUnusable, OSError, ValueError, KeyError) as error:
        return without(getattr(error, "code", ModelUnusable.code))


def without(reason: str) -> Model:
    """No model, for this reason."""
    return Model(None, None, reason)
