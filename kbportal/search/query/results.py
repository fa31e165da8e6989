"""What search and suggest answer with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mode(StrEnum):
    """Which signals count."""

    HYBRID = "hybrid"
    KEYWORD = "keyword"
    SEMANTIC = "semantic"


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that was found, at its best section.

    Attributes:
        section: Anchor within the page, "" for its top.
        snippet: Safe HTML, everything escaped but `<mark>`.
        score: Confidence between 0 and 1.
    """

    article_id: str
    lang: str
    slug: str
    title: str
    category: str
    section: str
    heading: str
    snippet: str
    score: float
    updated: date | None

    @property
    def url(self) -> str:
        return f"/{self.lang}/articles/{self.slug}" + (f"#{self.section}" if self.section else "")


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one query.

    Attributes:
        degraded: Why meaning was not used, or None.
        total: How many articles matched at all.
        correction: The query as it was probably meant, or None.
        fallback: Hits in another language, to be labelled as such: that of the text where it is
            not the page's, or else one that stands in for an answer.
    """

    query: str
    lang: str
    mode: Mode
    degraded: str | None
    took_ms: float
    hits: tuple[Hit, ...]
    total: int
    generation: str
    ranker: str
    correction: str | None = None
    fallback: tuple[Hit, ...] = ()

    def offered(self, limit: int) -> tuple[Hit, ...]:
        """What to lay before a writer: hits, or one in another language; never both."""
        return self.hits[:limit] or self.fallback[:1]
