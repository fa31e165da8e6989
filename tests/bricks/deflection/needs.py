"""Builders of needs, and a library that knows what a test tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from kbportal.deflection.gaps.meaning import LETTERS_ALONE, Meaning
from kbportal.deflection.gaps.model import Kind, Need, Why
from kbportal.deflection.gaps.ports import Found
from tests.builders import NOON

_people = count(1)


def a_need(text: str = "gift card", *, days: float = 1, **facts: Any) -> Need:
    """A vain search so many days before NOON, by somebody else each time."""
    whole: dict[str, Any] = {
        "title": text,
        "text": text,
        "lang": "en",
        "who": f"p{next(_people)}",
        "at": NOON - timedelta(days=days),
        "kind": Kind.SEARCH,
        "why": Why.NOTHING_FOUND,
    }
    return Need(**(whole | facts))


def a_sent(text: str = "gift card", *, days: float = 1, **facts: Any) -> Need:
    """A ticket for which no article was found."""
    return a_need(text, days=days, **({"kind": Kind.TICKET, "why": Why.SILENT} | facts))


def many(texts: Sequence[str], times: int, *, days: float = 1, **facts: Any) -> list[Need]:
    """Tickets with these texts by turns."""
    return [a_sent(texts[at % len(texts)], days=days, **facts) for at in range(times)]


@dataclass
class Shelf:
    """A library in memory: what it finds for every text, and what is public."""

    found: Mapping[str, Sequence[Found]] = field(default_factory=dict)
    other: str = ""
    public: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()

    def meaning(self, lang: str) -> Meaning:
        return LETTERS_ALONE

    def knows(self, lang: str, word: str) -> bool:
        return word in self.known

    def nearest(self, text: str, *, lang: str) -> Sequence[Found]:
        return self.found.get(lang, ())

    def elsewhere(self, text: str, *, lang: str) -> str:
        return self.other

    def is_public(self, article: str) -> bool:
        return article in self.public


def later(**span: float) -> datetime:
    return NOON + timedelta(**span)
