"""The heading on top of an article's body, which may be its title or repeat it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kbportal.kernel.text import fold, normalise
from kbportal.markup.fences import Fences

_ATX = re.compile(r" {0,3}#[ \t]+(?P<title>[^\n]*?)[ \t]*#*[ \t]*")
_UNDERLINE = re.compile(r" {0,3}=+[ \t]*")
_TAG = re.compile(r"<[^<>\n]*>")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\n]*\)")
_MARKS = re.compile(r"[*_`]+|\\(?=[^\w\s])")


@dataclass(frozen=True, slots=True)
class Headline:
    """A first-level heading: its plain text and the lines of the body that it takes."""

    title: str
    first: int
    after: int


def headline_of(body: str) -> Headline | None:
    """The first first-level heading outside code, if there is any."""
    lines = body.split("\n")
    fences = Fences()
    for at, line in enumerate(lines):
        if fences.holds(line):
            continue
        if found := _ATX.fullmatch(line):
            return Headline(plain(found["title"]), at, at + 1)
        if at and _UNDERLINE.fullmatch(line) and lines[at - 1].strip():
            return Headline(plain(lines[at - 1]), at - 1, at + 1)
    return None


def without(body: str, headline: Headline) -> tuple[str, int]:
    """The body below a headline that stands on top of it, and how many lines that took away.

    A headline further down stays: it has text above it.
    """
    lines = body.split("\n")
    if any(line.strip() for line in lines[: headline.first]):
        return body, 0
    after = headline.after
    while after < len(lines) and not lines[after].strip():
        after += 1
    return "\n".join(lines[after:]), after


def repeats(headline: Headline, title: str) -> bool:
    """Whether it says the title again, but for case, accents and punctuation."""
    return _words(headline.title) == _words(title)


def plain(markdown: str) -> str:
    """One line of Markdown without its marks."""
    bare = _TAG.sub("", _LINK.sub(r"\1", markdown))
    return normalise(_MARKS.sub("", bare))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))
