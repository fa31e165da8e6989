"""What rendering makes of an article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Sizes = Mapping[str, tuple[int, int]]
"""Address of a picture → its width and height in pixels, each from 1 to 9,999."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One entry of the contents list: HTML level 2-6, the id to link to, the plain title."""

    level: int
    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Section:
    """One h2 or h3 with what follows it; the lead before the first has anchor and title "".

    `html` is safe and includes the heading. `text` is for indexing: one line per block, spaces
    single, table cells apart by ` · `, code kept, the heading left out.
    """

    anchor: str
    title: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A whole article: safe html, the contents list, and its sections in order."""

    html: str
    outline: tuple[Heading, ...] = ()
    sections: tuple[Section, ...] = ()
