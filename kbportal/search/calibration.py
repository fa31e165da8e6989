"""What an index learnt about itself when it was built: weights, and when to be silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kbportal.search.confidence import Confidence
from kbportal.search.fusion import Weights

# Halfway between the best common weights of five English data sets, where the default model is
# fluent (mostly meaning), and of seven Slovak, Polish, Finnish and Romanian ones, where it is not
# (mostly words and grams). Corpora pull them to their own side (docs/decisions/0006).
START = Weights(
    words=0.11, grams=0.175, lead_words=0.06, lead_grams=0.1, article=0.35, passage=0.205
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Of one language of one generation.

    Attributes:
        rehearsals: How many queries made from the corpus it was learnt from.
    """

    weights: Weights = START
    confidence: Confidence = field(default_factory=Confidence)
    rehearsals: int = 0

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Calibration:
        return cls(
            Weights(**record["weights"]),
            Confidence(**record["confidence"]),
            int(record["rehearsals"]),
        )
