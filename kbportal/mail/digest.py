"""What the weekly letter to managers tells: a few numbers, what got worse, what to write next.

Unlike other letters it is kept as it was counted, because a number that changes between two
readers of one letter is none; it holds sums and scrubbed queries, nothing of any person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its doubt; value None: not enough data yet. before: a period earlier."""

    id: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    before: float | None
    unit: Literal["share", "count", "money"]


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that people look for and no article answers. times: how often in the period."""

    text: str
    times: int


@dataclass(frozen=True, slots=True)
class Digest:
    """A period, both days included. worse: ids of guardrails while the headline rose.

    measured: whether the savings rest on the experiment rather than on what was confirmed.
    """

    first: date
    last: date
    currency: str
    figures: tuple[Figure, ...]
    worse: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    measured: bool = False


def as_facts(digest: Digest) -> dict[str, Any]:
    """The digest as JSON; `digest_of` gives back an equal one."""
    days = {"first": digest.first.isoformat(), "last": digest.last.isoformat()}
    return asdict(digest) | days


def digest_of(facts: Mapping[str, Any]) -> Digest:
    """The digest that `as_facts` wrote."""
    return Digest(
        first=date.fromisoformat(facts["first"]),
        last=date.fromisoformat(facts["last"]),
        currency=facts["currency"],
        figures=tuple(Figure(**one) for one in facts["figures"]),
        worse=tuple(facts["worse"]),
        missing=tuple(Missing(**one) for one in facts["missing"]),
        measured=facts["measured"],
    )
