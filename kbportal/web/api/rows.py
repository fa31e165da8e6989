"""What the answers look like: each class is one JSON object, each field one key.

The published description is made from these classes, with what is noted on each key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found, at its best section."""

    id: Annotated[str, "Names the article, as in en/account/reset-password."]
    lang: Annotated[str, "Language of the article."]
    slug: Annotated[str, "The last part of its address."]
    title: Annotated[str, "Plain text."]
    url: Annotated[str, "Path on this portal, leading to the section."]
    section: Annotated[str, "Anchor of the section; empty for the top of the article."]
    heading: Annotated[str, "Title of the section; empty for the top of the article."]
    snippet: Annotated[str, "The sentence that matches: escaped text, matches within <mark>."]
    category: Annotated[str, "Title of the article's category."]
    updated: Annotated[str | None, "Date of the last change, as in 2026-02-01."]
    score: Annotated[float, "Confidence between 0 and 1."]


@dataclass(frozen=True, slots=True)
class Suggested:
    """What may answer a text that is still being typed; nothing where nothing is good enough."""

    query: Annotated[str, "The text as it was understood."]
    lang: Annotated[str, "Language that was asked for."]
    mode: Annotated[str, "hybrid: by words and by meaning."]
    degraded: Annotated[str | None, "Why meaning was not used, or null."]
    took_ms: Annotated[float, "Time of the search in milliseconds."]
    suggestions: Annotated[tuple[Found, ...], "Articles in the language, best first."]
    fallback: Annotated[
        tuple[Found, ...],
        "Articles in another language, to be labelled as such: that of the text where it is not "
        "the one asked for, or one that stands in where that one has no answer.",
    ]


@dataclass(frozen=True, slots=True)
class Searched:
    """One page of everything that matches."""

    query: Annotated[str, "The text as it was understood."]
    lang: Annotated[str, "Language that was asked for."]
    mode: Annotated[str, "hybrid: by words and by meaning."]
    degraded: Annotated[str | None, "Why meaning was not used, or null."]
    took_ms: Annotated[float, "Time of the search in milliseconds."]
    hits: Annotated[tuple[Found, ...], "Articles in the language, best first."]
    total: Annotated[int, "How many articles match."]
    page: Annotated[int, "Which page this is, from 1 on."]
    correction: Annotated[str | None, "The query as it was probably meant, or null."]
    fallback: Annotated[tuple[Found, ...], "Articles in another language, to be labelled as such."]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of an article."""

    level: Annotated[int, "2 for a section, 3 for one within it, and so on."]
    anchor: Annotated[str, "Its id in the article's HTML."]
    title: Annotated[str, "Plain text."]


@dataclass(frozen=True, slots=True)
class Page:
    """An article, whole."""

    id: Annotated[str, "Names the article, as in en/account/reset-password."]
    lang: Annotated[str, "Language of the article."]
    slug: Annotated[str, "The last part of its address."]
    title: Annotated[str, "Plain text."]
    summary: Annotated[str, "Plain text; may be empty."]
    category: Annotated[str, "Title of the article's category."]
    url: Annotated[str, "Path of its page on this portal."]
    html: Annotated[str, "The text as sanitised HTML."]
    outline: Annotated[tuple[Section, ...], "Its headings, in order."]
    updated: Annotated[str | None, "Date of the last change, as in 2026-02-01."]
    translations: Annotated[dict[str, str], "Path of its page in each other language that has it."]


@dataclass(frozen=True, slots=True)
class Filed:
    """A ticket that is safely stored."""

    number: Annotated[int, "What people say on the telephone."]
    url: Annotated[str, "Path of the requester's own page; whoever knows it may read the ticket."]


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong; further keys tell more."""

    code: Annotated[str, "Stable, for programs."]
    message: Annotated[str, "For people, in their language."]


@dataclass(frozen=True, slots=True)
class Failed:
    """The answer to every request that was not done."""

    error: Annotated[Problem, "What went wrong."]


@dataclass(frozen=True, slots=True)
class NotFiled:
    """A ticket that was not taken because of its fields."""

    errors: Annotated[dict[str, str], "What each field needs, in the requester's language."]
    error: Annotated[Problem, "The same in one sentence."]
