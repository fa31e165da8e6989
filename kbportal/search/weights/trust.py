"""How far an index trusts its model: one number, and what lies along it.

It is all that a few hundred rehearsed queries can tell reliably. Learning every weight freely
followed the oddities of small corpora: it lost 0.01 to 0.06 nDCG@10 against this on six of seven
data sets (docs/decisions/0014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from itertools import pairwise

from kbportal.search.weights.fusion import Weights

NO_TRUST, SOME_TRUST, FULL_TRUST = -1.0, 0.0, 1.0
"""Keywords alone; a model that knows the language a little; a fluent one."""

# Common fits of five English data sets, where the default model is fluent, and of nine Slovak,
# Polish, Finnish and Romanian ones, where it is not.
FLUENT = Weights(
    words=0.05, heads=0.0, grams=0.12, lead_grams=0.03, title_grams=0.0,
    article=0.14, title=0.0, passage=0.66,
)  # fmt: skip
FOREIGN = Weights(
    words=0.12, heads=0.17, grams=0.15, lead_grams=0.16, title_grams=0.07,
    article=0.22, title=0.09, passage=0.02,
)  # fmt: skip
KEYWORDS = replace(FOREIGN, article=0.0, title=0.0, passage=0.0)


def weights_at(trust: float) -> Weights:
    """The weights for a model that is trusted so much; they sum to 1."""
    points = ((NO_TRUST, KEYWORDS), (SOME_TRUST, FOREIGN), (FULL_TRUST, FLUENT))
    mixed = between([(at, astuple(weights)) for at, weights in points], trust)
    return Weights(*(round(value / sum(mixed), 4) for value in mixed))


def between(points: Sequence[tuple[float, Sequence[float]]], at: float) -> list[float]:
    """Values at a place between given ones, number by number.

    Args:
        points: In order, each a place and the values there; beyond the ends the ends count.
    """
    at = min(max(at, points[0][0]), points[-1][0])
    (low, before), (high, after) = next(pair for pair in pairwise(points) if at <= pair[1][0])
    share = (at - low) / (high - low)
    return [(1 - share) * a + share * b for a, b in zip(before, after, strict=True)]
