"""The words of an article without its markup, for indexing and for snippets."""

from __future__ import annotations

from kbportal.kernel.text import normalise
from kbportal.markup.tree import Node

_CELL_GAP = " · "
_BLOCKS = frozenset(
    {"blockquote", "br", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
     "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "summary", "table", "tbody",
     "tfoot", "thead", "tr", "ul"}
)  # fmt: skip


def text_of(*nodes: Node | str) -> str:
    """One line per block, single spaces within, table cells apart by ` · `; images by their alt.

    Lines of code stay lines. Nothing invisible or empty remains.
    """
    pieces: list[str] = []
    for node in nodes:
        _collect(node, pieces, is_code=False)
    lines = (normalise(line).strip("· ") for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(node: Node | str, pieces: list[str], *, is_code: bool) -> None:
    if isinstance(node, str):
        pieces.append(node if is_code else node.replace("\n", " "))
        return
    if node.tag == "img":
        pieces.append(f" {node.attributes.get('alt', '')} ")
        return
    gap = "\n" if node.tag in _BLOCKS else ""
    pieces.append(_CELL_GAP if node.tag in {"td", "th"} else gap)
    for child in node.children:
        _collect(child, pieces, is_code=is_code or node.tag == "pre")
    pieces.append(gap)
