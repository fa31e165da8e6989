"""What an article is, and what reading one may find fault with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

VERSION_B = ".b"
"""How the name of a file ends, before its suffix, that is a version of the article beside it."""

Severity = Literal["error", "warning"]


class Status(StrEnum):
    """How far an article has come."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Audience(StrEnum):
    """Who may read an article once it is published."""

    PUBLIC = "public"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language, as its file says.

    Attributes:
        id: Path without suffix, `en/account/reset-password`.
        key: The same for all translations of one article, `account/reset-password`.
        body: Markdown, without front matter and without a heading that repeats the title.
        body_line: Line of the file on which `body` starts, from 1.
        answers: Questions that this article must be found for.
        extra: Unknown front matter, kept as written (strings, lists, mappings).
        path: Posix path relative to the articles folder.
        fingerprint: SHA-256 of the file, 64 hexadecimal digits.
    """

    id: str
    key: str
    lang: str
    category: str
    slug: str
    title: str
    body: str
    path: str
    fingerprint: str
    summary: str = ""
    body_line: int = 1
    tags: tuple[str, ...] = ()
    status: Status = Status.PUBLISHED
    audience: Audience = Audience.PUBLIC
    updated: date | None = None
    review_by: date | None = None
    owner: str = ""
    redirect_from: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    faq: bool = False
    extra: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def is_public(self) -> bool:
        """Whether everyone may read it, as an article of its own."""
        return self.is_shown and not self.is_version_b

    @property
    def is_shown(self) -> bool:
        """Whether customers may come to see its text, be it as a version of another article."""
        return self.status is Status.PUBLISHED and self.audience is Audience.PUBLIC

    @property
    def is_version_b(self) -> bool:
        """Whether it is a version to try beside the article: see `versions`."""
        return self.id.endswith(VERSION_B)


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf label in one language; `order` sorts, lower first, then the title."""

    lang: str
    slug: str
    title: str
    summary: str = ""
    icon: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A finding in one file: `line` from 1, `rule` a stable id, the message says what to write.

    An `error` keeps the article, or a part of it, from customers; a `warning` does not.
    """

    file: str
    line: int
    rule: str
    severity: Severity
    message: str
