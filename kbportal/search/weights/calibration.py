"""What an index learnt about itself when it was built: how far to trust, when to be silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

from kbportal.search.weights.confidence import Confidence, Evidence, chance
from kbportal.search.weights.fertility import UNKNOWN, first_trust, trusted
from kbportal.search.weights.fusion import Weights
from kbportal.search.weights.trust import NO_TRUST, weights_at


@dataclass(frozen=True)
class Calibration:
    """Of one language of one generation.

    Attributes:
        trust: In what the model takes texts to mean, from -1 to 1.
        rehearsals: How many queries made from the corpus it was learnt from.
        fertility: Tokens per word of the articles, by the model's tokenizer.
    """

    trust: float = first_trust(UNKNOWN)
    confidence: Confidence = field(default_factory=Confidence)
    rehearsals: int = 0
    fertility: float = UNKNOWN

    @cached_property
    def weights(self) -> Weights:
        return weights_at(self.trust)

    def for_query(self, fertility: float) -> Calibration:
        """The same for a query of this fertility."""
        trust = trusted(self.trust, query=fertility, articles=self.fertility)
        return replace(self, trust=trust) if trust != self.trust else self

    def without_model(self) -> Calibration:
        """The same for when there is no vector of the query, or none of the articles."""
        return replace(self, trust=NO_TRUST)

    def chance(self, evidence: Evidence) -> float:
        """Between 0 and 1: the chance that a hit is right."""
        return chance(evidence, self.trust)

    @property
    def floor(self) -> float:
        """The least chance that is shown."""
        known = self.confidence
        return known.floor if self.trust > NO_TRUST else known.keyword_floor

    def as_json(self) -> dict[str, Any]:
        """What is stored; the weights are there for people to read."""
        return {**asdict(self), "weights": asdict(self.weights)}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Calibration:
        return cls(
            float(record["trust"]),
            Confidence(**record["confidence"]),
            int(record["rehearsals"]),
            float(record["fertility"]),
        )
