"""Queries as hurried people type them: without diacritics, with a typo, or not yet finished."""

from __future__ import annotations

import random
from typing import ClassVar

from kbportal.kernel.errors import PortalError
from kbportal.kernel.text import fold

_SHORTEST_TYPO = 4


class UnknownPerturbation(PortalError):
    """Not one of the known ways to damage a query."""

    code: ClassVar[str] = "unknown_perturbation"


def perturbed(text: str, how: str, *, seed: str) -> str:
    """A text damaged in one way, the same for the same seed.

    Args:
        how: "" for none, `nodiacritics`, `typo` (one letter in every third longer word is
            dropped, doubled, or swapped with the next), or `prefix:P` (the first P percent).

    Raises:
        UnknownPerturbation: for any other `how`.
    """
    if not how:
        return text
    if how == "nodiacritics":
        return " ".join(fold(word) for word in text.split())
    if how == "typo":
        return _mistyped(text, random.Random(seed))  # noqa: S311 - reproducible on purpose
    kind, _, percent = how.partition(":")
    if kind == "prefix" and percent.isdigit() and 0 < int(percent) <= 100:
        return text[: max(1, len(text) * int(percent) // 100)]
    raise UnknownPerturbation(f"{how!r}: say nodiacritics, typo or prefix:1 to prefix:100")


def check_perturbation(how: str) -> None:
    """Raise UnknownPerturbation before hours of indexing, not after."""
    perturbed("text", how, seed="")


def _mistyped(text: str, chance: random.Random) -> str:
    split = text.split()
    long = [at for at, word in enumerate(split) if len(word) >= _SHORTEST_TYPO]
    for at in chance.sample(long, max(1, len(long) // 3)) if long else ():
        split[at] = _slip(split[at], chance)
    return " ".join(split)


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    kind = chance.choice(("drop", "double", "swap"))
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[:at] + word[at] + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
