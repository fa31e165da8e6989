"""What is due to go, what went, and what is known of one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """Moments before which things go. tickets: None keeps them for ever.

    tickets: counts from the last change of a ticket that is finished. unsent: files that were
    never sent and have no draft.
    """

    now: datetime
    events: datetime
    comments: datetime
    failures: datetime
    letters: datetime
    unsent: datetime
    tickets: datetime | None = None


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each went, or would go."""

    events: int = 0
    comments: int = 0
    failures: int = 0
    letters: int = 0
    drafts: int = 0
    files: int = 0
    tickets: int = 0


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a person's: under which name it is kept, and under which it is handed out."""

    stored: str
    name: str


@dataclass(frozen=True, slots=True)
class PersonFile:
    """Everything that is known of a person, as JSON and files."""

    document: Mapping[str, Any]
    files: tuple[StoredFile, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not any(value for name, value in self.document.items() if name != "address")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was deleted. numbers: of the tickets, of which only what is counted is left.

    days: whose events were changed (UTC), so that what was counted from them is counted again.
    stored: names of files whose contents must go now.
    """

    numbers: tuple[int, ...] = ()
    messages: int = 0
    files: int = 0
    letters: int = 0
    events: int = 0
    days: tuple[date, ...] = ()
    stored: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether there was nothing to delete."""
        return self == Erased()
