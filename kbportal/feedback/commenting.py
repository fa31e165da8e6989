"""Taking a comment: made plain, and scrubbed of what would tell who wrote it."""

from __future__ import annotations

from datetime import datetime

from kbportal.events.privacy import scrub
from kbportal.feedback.model import LONGEST, Comment
from kbportal.kernel.ids import new_id
from kbportal.kernel.text import normalise


def comment_on(
    article: str, text: str, *, lang: str, answer: str, reason: str, now: datetime
) -> Comment | None:
    """The comment to keep; None where nothing was said.

    E-mail addresses, telephone, card and account numbers are replaced as in the event log;
    lines stay lines.
    """
    lines = (normalise(line) for line in scrub(text[: 4 * LONGEST]).splitlines())
    said = "\n".join(line for line in lines if line)[:LONGEST].rstrip()
    if not said:
        return None
    return Comment(new_id(), now, article, lang, answer, reason, said)
