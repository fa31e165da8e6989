"""The one root of every failure that the portal foresees."""

from __future__ import annotations

from typing import ClassVar


class PortalError(Exception):
    """A foreseen failure: rooms translate its `code`, logs keep its message and facts.

    Args:
        message: One English sentence for logs and the command line.
        facts: What the sentence is about, by name, for translated pages.
    """

    code: ClassVar[str] = "portal_error"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.facts = facts
