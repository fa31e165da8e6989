"""Plain text made comparable (`fold`), presentable (`normalise`) and short (`shorten`)."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")

# Letters that Unicode does not take apart although people type them without their stroke.
_STROKES = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ŧ": "t", "ı": "i",
     "æ": "ae", "œ": "oe", "þ": "th", "ĸ": "k", "ŋ": "n"}
)  # fmt: skip

_JOINERS = "\u200c\u200d"


def fold(text: str) -> str:
    """Text as a hurried person types it: lower case, without diacritics; spaces are kept.

    `Zmeniť heslo`, `ZMENIT HESLO` and `zmenit heslo` fold to the same; `ß` becomes `ss`.
    Letters of scripts in which a mark is part of the letter lose it on both sides alike.
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in apart if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare.casefold().translate(_STROKES))


def normalise(text: str) -> str:
    """Text fit for one line of a page: composed (NFC), single spaces, nothing invisible.

    Control, direction-changing, private and unassigned characters go; the two joiners that
    some scripts and emoji need stay.
    """
    if text.isascii() and text.isprintable():
        return _SPACE.sub(" ", text).strip()
    visible = "".join(map(_visible, unicodedata.normalize("NFC", text)))
    return _SPACE.sub(" ", visible).strip()


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words where possible, ending in `…` when cut."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    head = text[: limit - 1]
    if not text[limit - 1].isspace():
        at = head.rfind(" ")
        head = head[:at] if at > limit // 2 else head
    return head.rstrip(" ,;:–-") + "…"


def _visible(char: str) -> str:
    """The character itself, a space for any kind of space, nothing for an unseen one."""
    if char.isprintable() or char in _JOINERS:
        return char
    return " " if char.isspace() or unicodedata.category(char) in {"Zs", "Zl", "Zp"} else ""
