"""What the templates of this room are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Link:
    """A title and where it leads."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Version:
    """An article in one language: what its speakers call the language, its code, the article."""

    language: str
    code: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A shelf label: `count` public articles."""

    slug: str
    title: str
    summary: str
    icon: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in a list; `text` is its summary."""

    title: str
    url: str
    text: str
    updated: date | None


@dataclass(frozen=True, slots=True)
class HitRow:
    """An article that was found: `snippet` is the sentence, `url` leads to the section.

    `lang` names its language and `code` is its code; both empty where it is the page's own.
    """

    id: str
    title: str
    url: str
    snippet: Markup
    heading: str
    category: str
    updated: date | None
    lang: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question of the FAQ page with its whole answer."""

    title: str
    url: str
    answer: Markup


@dataclass(frozen=True, slots=True)
class FilterRow:
    """What a list can be narrowed down to: `count` hits are left; `url` leads there."""

    title: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where one is in a list of several pages, counted from 1."""

    number: int
    last: int
    previous: str
    next: str
