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
        problem: What is wrong with it, for people; "" where nothing is.
    """

    embedder: Embedder | None
    recipe: Mapping[str, Any] | None
    degraded: str
    problem: str = ""


def usable(embedder: Embedder | None) -> Model:
    """The model if its recipe can be read; otherwise an index goes by keywords and says so."""
    if embedder is None:
        return without("no_model")
    try:
        return Model(embedder, asdict(embedder.recipe), "")
    except (ModelUnusable, OSError, ValueError, KeyError) as error:
        return without(getattr(error, "code", ModelUnusable.code), str(error))


def without(reason: str, problem: str = "") -> Model:
    """No model, for this reason."""
    return Model(None, None, reason, problem)
