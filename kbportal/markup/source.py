"""What an article's Markdown links to and how it is headed, with line numbers, unrendered.

An approximation for advice to authors; what pages do is decided by `render`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kbportal.kernel.text import normalise
from kbportal.markup.anchors import Anchors
from kbportal.markup.fences import Fences

_ATX = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]+(?P<title>[^\n]*)")
_CODE_SPAN = re.compile(r"(`+)[^`\n]+\1")
_INLINE = re.compile(
    r"(?P<image>!?)\[(?P<text>[^\[\]\n]{0,500})\]\([ \t]*"
    r"(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s()]*))"
)
_WRAPPED = re.compile(r"\[!\[[^\]\n]*\]\([^()\n]*\)\]\((?P<bare>[^\s()]*)")
_REFERENCE = re.compile(r" {0,3}\[(?!\^)[^\[\]\n]+\]:[ \t]*<?(?P<bare>[^\s<>]+)")
_ATTRIBUTE = re.compile(
    r"<(?P<tag>a|img)\b[^<>\n]*?\b(?:href|src)[ \t]*=[ \t]*[\"'](?P<bare>[^\"'\n]*)"
)
_NAME = re.compile(
    r"<[a-z][^<>\n]*?\b(?:name|id)[ \t]*=[ \t]*[\"'](?P<name>[^\"'\n]+)", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>\n]*>")
_INCLUDE = re.compile(r"\[!include\b", re.IGNORECASE)
_LONGEST_LINE = 20_000


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or an image: its line from 1, its address as written, the text or description."""

    line: int
    href: str
    text: str
    is_image: bool


@dataclass(frozen=True, slots=True)
class WrittenHeading:
    """A heading as written: its line from 1 and its level 1-6."""

    line: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What `scan` finds; `anchors` are all the places a link may lead to."""

    references: list[Reference] = field(default_factory=list)
    headings: list[WrittenHeading] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)


def scan(text: str) -> Outline:
    """Read Markdown line by line, code left out, in time linear to its length."""
    found, names, fences = Outline(), Anchors(), Fences()
    for number, line in enumerate(text.split("\n"), 1):
        if fences.holds(line) or len(line) > _LONGEST_LINE:
            continue
        if heading := _ATX.match(line):
            title = _plain(heading["title"])
            found.headings.append(WrittenHeading(number, len(heading["marks"]), title))
            found.anchors.add(names.name(title))
        found.anchors.update(name["name"] for name in _NAME.finditer(line))
        found.references.extend(_references(_CODE_SPAN.sub("", line), number))
    return found


def _references(line: str, number: int) -> list[Reference]:
    if ("(" not in line and "]:" not in line and "<" not in line) or _INCLUDE.search(line):
        return []
    found = [
        Reference(number, one["angled"] or one["bare"] or "", one["text"], bool(one["image"]))
        for one in _INLINE.finditer(line)
    ]
    found += [Reference(number, one["bare"], "", False) for one in _WRAPPED.finditer(line)]
    if reference := _REFERENCE.match(line):
        found.append(Reference(number, reference["bare"], "", False))
    for one in _ATTRIBUTE.finditer(line):
        # Whether a raw image describes itself is not looked into: its text counts as given.
        found.append(Reference(number, one["bare"], "html", one["tag"] == "img"))
    return found


def _plain(title: str) -> str:
    linked = re.sub(r"!?\[([^\[\]\n]*)\]\([^()\n]*\)", r"\1", _TAG.sub("", title))
    return normalise(re.sub(r"[*`]+|\\(?=[^\w\s])", "", linked.rstrip("# \t")))
