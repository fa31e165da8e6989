"""What ended a test of two versions: kept with the former texts, so that it can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kbportal.people.audit import AuditLine


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """An ended test. won: ``a`` or ``b``; before, version_b: the files' texts until then.

    after_digest: SHA-256 of the article's file since; undone: when it was put back, if it was.
    """

    id: str
    at: datetime
    article: str
    experiment: str
    won: str
    before: str
    version_b: str
    after_digest: str
    undone: datetime | None = None


class ChangeStore(Protocol):
    """A new adapter: implement it, and add it to the test of the one there is."""

    def add(self, change: ArticleChange, line: AuditLine) -> None:
        """Keep a change and who made it, in one transaction. Raises a PortalError."""
        ...

    def one(self, change_id: str) -> ArticleChange | None: ...

    def newest(self, limit: int = 20) -> tuple[ArticleChange, ...]:
        """The latest, undone ones too."""
        ...

    def undo(self, change_id: str, line: AuditLine, *, now: datetime) -> None:
        """Note that it was put back, and who did it, in one transaction."""
        ...
