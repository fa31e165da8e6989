"""Links as settings hold them: `Label|https://…`, or `sk|Label|https://…` for one language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kbportal.kernel.languages import is_known
from kbportal.kernel.text import normalise

_ADDRESS = re.compile(r"https?://[^\s\\@]+|mailto:[^\s\\]+|/(?![/\\])[^\s\\]*")


@dataclass(frozen=True, slots=True)
class LabelledLink:
    """A text and where it leads; `lang` is empty for a link on the pages of every language."""

    title: str
    url: str
    lang: str = ""


def read_link(written: str) -> LabelledLink:
    """The link that was meant.

    Raises:
        ValueError: With what to write instead.
    """
    *before, url = (normalise(part) for part in written.split("|"))
    if not 1 <= len(before) <= 2 or not before[-1]:
        raise ValueError("write Label|https://… or, for one language, sk|Label|https://…")
    if not _ADDRESS.fullmatch(url):
        raise ValueError("the address must begin with https://, mailto: or /")
    lang = before[0] if len(before) == 2 else ""
    if lang and not is_known(lang):
        raise ValueError(f"unknown language {lang!r}")
    return LabelledLink(before[-1], url, lang)
