"""Which lines of an article are fenced code, where nothing is markup."""

from __future__ import annotations

import re

_FENCE = re.compile(r"(?P<indent> *)(?P<fence>`{3,}|~{3,})(?P<rest>[^`\n]*)")


class Fences:
    """Follows an article line by line.

    Attributes:
        is_open: Whether the line seen last is inside fenced code or opens it.
        indent: Spaces before the fence that opened it.
        closing: What ends it.
    """

    def __init__(self) -> None:
        self.is_open = False
        self.indent = 0
        self.closing = ""

    def holds(self, line: str) -> bool:
        """Take the next line; whether it belongs to fenced code, its fences included."""
        found = _FENCE.fullmatch(line)
        if self.is_open:
            self.is_open = not (found and self._closes(found))
            return True
        if found is None:
            return False
        self.is_open = True
        self.indent = len(found["indent"])
        self.closing = found["fence"]
        return True

    def _closes(self, found: re.Match[str]) -> bool:
        return found["fence"].startswith(self.closing) and not found["rest"].strip()
