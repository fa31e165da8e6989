"""A form that was begun and not sent: kept for a week under an id that nobody guesses.

It holds what was asked and not who asks: neither a name nor an address is taken from somebody
who has not pressed "Send". The id (256 random bits) travels with the form and in a cookie of the
browser; the store knows its digest alone. No page of the staff reads drafts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kbportal.kernel.ids import token_digest

KEPT = timedelta(days=7)
"""How long after its last change a draft is deleted."""
MAX_CHARACTERS = 25_000
"""Of all its fields together; the texts of a ticket may have 20,000, its answers 500 each."""
MOST_DRAFTS = 20_000
"""How many of all people are kept at a time; further ones are not, and their forms do without."""
SENT = "sent"
"""The writer of a draft that was sent or deleted: its text is gone, and nobody writes it again."""

_HARD_TO_GUESS = re.compile(r"[A-Za-z0-9_-]{32,200}")
"""128 random bits take 32 hexadecimal digits; nothing is kept under shorter ids."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The state of an unsent form.

    digest: of its id. typed: field → text. writer: names the tab that wrote last; version: counts
    the writings, so that of two tabs none overwrites what it has not seen.
    """

    digest: str
    lang: str
    typed: Mapping[str, str]
    writer: str
    version: int
    created: datetime
    updated: datetime
    expires: datetime


def draft_digest(draft_id: str | None) -> str | None:
    """Under what a draft and its files are kept; None without an id that nobody guesses."""
    if not draft_id or not _HARD_TO_GUESS.fullmatch(draft_id):
        return None
    return token_digest(f"draft\0{draft_id}")


def a_draft(
    digest: str, typed: Mapping[str, str], *, lang: str, writer: str, now: datetime
) -> Draft:
    """The draft as it is written now; what is empty or beyond all measure is left out.

    writer: as its tab calls itself, which is never to be mistaken for `SENT`.
    """
    kept: dict[str, str] = {}
    room = MAX_CHARACTERS
    for name, text in typed.items():
        if text and room > 0:
            kept[name] = text[:room]
            room -= len(kept[name])
    return Draft(digest, lang, kept, f"tab:{writer}"[:64], 1, now, now, now + KEPT)
