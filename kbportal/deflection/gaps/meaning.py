"""What the index of a language offers for comparing texts by what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kbportal.search.weights.trust import FULL_TRUST, NO_TRUST, SOME_TRUST, between

Floats = NDArray[np.float32]
Encode = Callable[[str], Floats]

_SHARES = ((NO_TRUST, [0.0]), (SOME_TRUST, [0.3]), (FULL_TRUST, [0.6]))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a language's index offers for comparing.

    Attributes:
        encode: Text → (d,) float32 of length 1; None where there is no model.
        trust: In the model, from -1 to 1.
        background: (a, d) float32, vectors of the language's articles.
    """

    encode: Encode | None = None
    trust: float = NO_TRUST
    background: Floats = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))

    @property
    def share(self) -> float:
        """How much meaning counts beside letters, from 0 to 1."""
        return between(_SHARES, self.trust)[0] if self.encode else 0.0


LETTERS_ALONE = Meaning()
