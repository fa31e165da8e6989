"""A reader's comment on an article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LONGEST = 1_000
"""Characters that are kept."""


@dataclass(frozen=True, slots=True)
class Comment:
    """Plain text, scrubbed; who wrote it is not known and cannot be found out.

    Attributes:
        at: Aware UTC.
        article: Article id such as `en/account/reset-password`.
        lang: Language of the page.
        answer: `yes` or `no`.
        reason: What was ticked, or "".
    """

    id: str
    at: datetime
    article: str
    lang: str
    answer: str
    reason: str
    text: str
