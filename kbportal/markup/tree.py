"""A small tree of well-formed HTML, for looking at an article and reshaping it.

It trusts its input to be balanced, as sanitised HTML is; it is no wall against anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

VOID = frozenset({"br", "col", "hr", "img", "wbr"})
MAX_DEPTH = 80


@dataclass(slots=True)
class Node:
    """An element; `start` is where its tag begins in the source, in characters."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    start: int = 0

    def elements(self) -> Iterator[Node]:
        """All elements below this one, in document order."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.elements()

    def has_class(self, name: str) -> bool:
        """Whether its class attribute names this class."""
        return name in self.attributes.get("class", "").split()


def parse(html: str) -> Node:
    """The tree of a well-formed fragment under a nameless root.

    Elements deeper than `MAX_DEPTH` are dissolved into their parents, so that a tree can be
    walked by plain recursion.
    """
    builder = _Builder(html)
    builder.feed(html)
    builder.close()
    return builder.root


def to_html(node: Node | str) -> str:
    """A node and all below it as HTML; of a nameless root only what is below."""
    pieces: list[str] = []
    _write(node, pieces)
    return "".join(pieces)


def _write(node: Node | str, pieces: list[str]) -> None:
    if isinstance(node, str):
        pieces.append(escape(node, quote=False))
        return
    if node.tag:
        attributes = "".join(f' {k}="{escape(v)}"' for k, v in node.attributes.items())
        pieces.append(f"<{node.tag}{attributes}>")
    for child in node.children:
        _write(child, pieces)
    if node.tag and node.tag not in VOID:
        pieces.append(f"</{node.tag}>")


class _Builder(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]
        self._dissolved = 0
        self._line_starts = [0]
        for line in html.split("\n"):
            self._line_starts.append(self._line_starts[-1] + len(line) + 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self._open) > MAX_DEPTH and tag not in VOID:
            self._dissolved += 1
            return
        line, column = self.getpos()
        start = self._line_starts[line - 1] + column
        node = Node(tag, {name: value or "" for name, value in attrs}, start=start)
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if self._dissolved:
            self._dissolved -= 1
        elif len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)
