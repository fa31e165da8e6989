"""What a help centre tells everybody at once: `<lang>/_announcement.yml`, one per language.

The file is looked at whenever a page is shown, so that bad news is out as soon as it is saved.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from kbportal.articles.fields import Fields
from kbportal.articles.model import Problem
from kbportal.articles.yaml_file import Unusable, read_values

ANNOUNCEMENT_FILE = "_announcement.yml"
LONGEST = 500

_ADDRESS = re.compile(r"https?://[^\s\\@]+|/(?![/\\])[^\s\\]*")


class Kind(StrEnum):
    """How it looks."""

    NOTE = "note"
    TIP = "tip"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Announcement:
    """One text for every page of a language; `until` is the last day on which it is shown."""

    text: str
    link: str = ""
    link_text: str = ""
    kind: Kind = Kind.NOTE
    until: date | None = None

    @property
    def key(self) -> str:
        """Names what it says: whoever has closed it is shown the next one."""
        said = "\n".join((self.text, self.link, self.link_text))
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12]

    def is_shown(self, today: date) -> bool:
        """Whether its last day has not passed."""
        return self.until is None or today <= self.until


def read_announcement(root: Path, lang: str, problems: list[Problem]) -> Announcement | None:
    """What a language announces; None for nothing, or for nothing that can be used."""
    file = root / lang / ANNOUNCEMENT_FILE
    path = f"{lang}/{ANNOUNCEMENT_FILE}"
    if not file.exists():
        return None
    try:
        fields = Fields(read_values(file, root), lines={}, path=path)
        found = _announcement(fields)
    except Unusable as error:
        problems.append(Problem(path, error.line, "bad-announcement", "warning", str(error)))
        return None
    problems += fields.problems
    return found


def _announcement(fields: Fields) -> Announcement:
    text, link, kind = fields.text("text"), fields.text("link"), fields.text("kind") or Kind.NOTE
    if not text:
        raise Unusable("write `text: …`")
    if len(text) > LONGEST:
        raise Unusable(f"`text` has {len(text)} characters: write at most {LONGEST}")
    if link and not _ADDRESS.fullmatch(link):
        raise Unusable("`link` must begin with https:// or, for a page of this portal, with /")
    if kind not in tuple(Kind):
        raise Unusable(f"`kind` is one of {', '.join(Kind)}")
    return Announcement(text, link, fields.text("link_text"), Kind(kind), fields.date("until"))
