"""An article's contents list, and the article cut at its h2 and h3."""

from __future__ import annotations

from kbportal.markup.model import Heading, Section
from kbportal.markup.text import text_of
from kbportal.markup.tree import Node

_CUTS = {"h2", "h3"}


def outline_of(root: Node) -> tuple[Heading, ...]:
    """Every h2 and h3 that has a title, in order."""
    found = (node for node in root.elements() if node.tag in _CUTS)
    headings = (Heading(int(n.tag[1]), n.attributes.get("id", ""), _title(n)) for n in found)
    return tuple(heading for heading in headings if heading.title)


def sections_of(root: Node, html: str) -> tuple[Section, ...]:
    """The sections of a tree that was parsed from `html`; a heading inside a box cuts nothing.

    The lead is left out when nothing stands before the first heading.
    """
    cuts = [
        at
        for at, child in enumerate(root.children)
        if isinstance(child, Node) and child.tag in _CUTS
    ]
    starts = [0, *cuts]
    ends = [*cuts, len(root.children)]
    sections = [
        _section(
            root.children[start:end], html[_offset(root, start, html) : _offset(root, end, html)]
        )
        for start, end in zip(starts, ends, strict=True)
    ]
    return tuple(section for section in sections if section.title or section.text)


def _section(children: list[Node | str], html: str) -> Section:
    first = children[0] if children else ""
    if isinstance(first, Node) and first.tag in _CUTS:
        anchor = first.attributes.get("id", "")
        return Section(anchor, _title(first), html, text_of(*children[1:]))
    return Section("", "", html, text_of(*children))


def _offset(root: Node, at: int, html: str) -> int:
    """Where the child number `at` begins in the html; cuts are elements, and know it."""
    if at == 0:
        return 0
    child = root.children[at] if at < len(root.children) else None
    return child.start if isinstance(child, Node) else len(html)


def _title(heading: Node) -> str:
    return text_of(heading).replace("\n", " ")
