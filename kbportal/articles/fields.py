"""Front matter values as an article needs them: whatever was typed, forgivingly, but reported.

A status or an audience that nobody knows counts as the closed one: what was meant to be hidden
must not be published by a typing mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from kbportal.articles.model import Problem
from kbportal.kernel.text import normalise

KNOWN_KEYS = frozenset(
    {"title", "slug", "summary", "category", "tags", "status", "audience", "updated", "review_by",
     "owner", "redirect_from", "translation_of", "answers", "faq"}
)  # fmt: skip

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0", ""}
_Choice = TypeVar("_Choice", bound=StrEnum)


class Fields:
    """Reads one file's front matter; `problems` grows with what could not be taken as written.

    Args:
        values: Strings, lists and dictionaries, as `frontmatter.parse` gives them.
        lines: Line of each key.
        path: What problems name.
    """

    def __init__(self, values: Mapping[str, Any], *, lines: Mapping[str, int], path: str) -> None:
        self._values = values
        self._lines = lines
        self._path = path
        self.problems: list[Problem] = []

    def text(self, key: str) -> str:
        """One line of text; a list becomes one line with commas."""
        return ", ".join(filter(None, map(_line_of, _listed(self._values.get(key, "")))))

    def texts(self, key: str, *, split: bool = False) -> tuple[str, ...]:
        """A list of lines without repetitions; one text is a list of one, or cut at commas."""
        value = self._values.get(key, "")
        if split and isinstance(value, str):
            value = value.split(",")
        return tuple(dict.fromkeys(filter(None, map(_line_of, _listed(value)))))

    def date(self, key: str) -> date | None:
        """A date; None if there is none or it is written in a way that may mean two days."""
        written = self.text(key)
        if not written:
            return None
        try:
            return date.fromisoformat(written[:10])
        except ValueError:
            self._complain(key, "warning", f"`{written[:40]}` is no date: write it as 2026-05-31")
            return None

    def flag(self, key: str) -> bool:
        """Yes or no; anything unclear is no."""
        written = self.text(key).casefold()
        if written not in _TRUE | _FALSE:
            self._complain(key, "warning", f"`{written[:40]}` is neither true nor false")
        return written in _TRUE

    def choice(self, key: str, *, default: _Choice, closed: _Choice) -> _Choice:
        """One of a closed set of words; `closed` for a word that is not among them."""
        written = self.text(key).casefold()
        if not written:
            return default
        kind = type(default)
        if written in set(kind):
            return kind(written)
        words = ", ".join(kind)
        self._complain(
            key, "error", f"`{written[:40]}` is unknown, so it is {closed}: write one of {words}"
        )
        return closed

    def extra(self) -> dict[str, object]:
        """The keys that mean nothing here, as they were written."""
        return {key: value for key, value in self._values.items() if key not in KNOWN_KEYS}

    def _complain(self, key: str, severity: Any, message: str) -> None:
        line = self._lines.get(key, 1)
        self.problems.append(
            Problem(self._path, line, f"bad-{key.replace('_', '-')}", severity, message)
        )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _line_of(value: Any) -> str:
    """A value as one line: `- How: why` is YAML for a mapping, but was meant as a sentence."""
    if isinstance(value, dict):
        return "; ".join(normalise(f"{key}: {_line_of(one)}") for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_line_of, value))
    return normalise(str(value))
