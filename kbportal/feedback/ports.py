"""Where comments are kept. A new adapter: implement CommentStore, add it to its test."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from kbportal.feedback.model import Comment


class CommentStore(Protocol):
    """Comments on articles; kept apart from the event log and from whoever wrote them."""

    def add(self, comment: Comment) -> None:
        """Keep a comment. Raises a PortalError."""
        ...

    def newest(
        self, since: datetime, until: datetime, *, lang: str = "", limit: int = 50
    ) -> tuple[Comment, ...]:
        """Comments with since <= at < until, newest first; of one language if it is named."""
        ...
