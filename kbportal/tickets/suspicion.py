"""What a ticket shows of a robot: it is set aside for people to look at, and never refused.

The form tells of its hidden field and of its age; the rest is seen from the text.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from kbportal.kernel.text import fold
from kbportal.tickets.ports import TicketStore

MOST_LINKS = 4
"""People who ask for help rarely show more."""
MOST_ALIKE, ALIKE_WITHIN = 2, timedelta(hours=24)
"""Tickets of the same words that are taken as they are: somebody sent twice by mistake."""
QUICKEST, LONGEST = timedelta(seconds=3), timedelta(hours=24)
"""Between opening a form and sending it."""

_LINK = re.compile(r"https?://|www\.|\[url\b|<a\s", re.IGNORECASE)


def content_digest(subject: str, description: str) -> str:
    """The same for texts that differ in case, accents and spaces only."""
    words = " ".join(fold(f"{subject}\n{description}").split())
    return hashlib.sha256(words.encode()).hexdigest()


def marks_of_age(age: timedelta) -> tuple[str, ...]:
    """``quick`` or ``old``, if the time between opening and sending the form is neither usual."""
    if age < QUICKEST:
        return ("quick",)
    return ("old",) if age > LONGEST else ()


def marks_of_text(text: str, digest: str, store: TicketStore, *, now: datetime) -> tuple[str, ...]:
    """``links`` for too many of them, ``repeated`` for words that came again and again."""
    found = ["links"] if len(_LINK.findall(text)) > MOST_LINKS else []
    if store.repeated(digest, since=now - ALIKE_WITHIN) >= MOST_ALIKE:
        found.append("repeated")
    return tuple(found)
