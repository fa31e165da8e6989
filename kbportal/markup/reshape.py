"""What an article's HTML needs before a page can show it: anchors, addresses, wide tables."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from kbportal.markup.admonitions import KINDS
from kbportal.markup.allowlist import is_external, is_safe_url
from kbportal.markup.anchors import RESERVED_PREFIX, Anchors
from kbportal.markup.model import Sizes
from kbportal.markup.text import text_of
from kbportal.markup.tree import Node

Link = Callable[[str], str]

_UNKNOWN: Sizes = MappingProxyType({})
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}


def reshape(root: Node, *, link: Link | None = None, sizes: Sizes = _UNKNOWN) -> None:
    """Change the tree in place: it must still pass through `clean`.

    Headings get anchors, tables a scroll container, addresses are rewritten by `link`; a link
    that leads nowhere becomes its text, an image without a source its description. Images of
    known size say it, so that nothing moves when they arrive.
    """
    _unwrap(root)
    _rewrite(root, link or _as_written)
    _give_sizes(root, sizes)
    _name_headings(root)


def _as_written(href: str) -> str:
    return href


def _unwrap(node: Node) -> None:
    """Dissolve containers that mean nothing, so that the headings in them start sections."""
    flat: list[Node | str] = []
    for child in node.children:
        if isinstance(child, Node):
            _unwrap(child)
            flat += _unwrapped(child) if child.tag == "div" else [child]
        else:
            flat.append(child)
    node.children = flat


def _unwrapped(div: Node) -> list[Node | str]:
    """An admonition, its class always written the same way, or what another `div` holds."""
    kind = next(filter(div.has_class, KINDS), "") if div.has_class("admonition") else ""
    if not kind:
        return div.children
    div.attributes = {"class": f"admonition {kind}"}
    return [div]


def _rewrite(node: Node, link: Link) -> None:
    rewritten: list[Node | str] = []
    for child in node.children:
        if isinstance(child, Node):
            _rewrite(child, link)
            rewritten += _rewritten(child, link)
        else:
            rewritten.append(child)
    node.children = rewritten


def _rewritten(node: Node, link: Link) -> list[Node | str]:
    if node.tag == "a":
        return _link(node, link)
    if node.tag == "img":
        return _image(node, link)
    if node.tag == "table":
        # What scrolls must be reachable by keyboard.
        return [Node("div", {"class": "table-scroll", "tabindex": "0"}, [node])]
    return [node]


def _link(node: Node, link: Link) -> list[Node | str]:
    href = node.attributes.pop("href", "")
    href = href and link(href)
    node.attributes.pop("rel", None)
    if not is_safe_url(href):
        return [node] if node.attributes else node.children
    node.attributes["href"] = href
    if is_external(href):
        node.attributes["rel"] = "noopener"
    return [node]


def _image(node: Node, link: Link) -> list[Node | str]:
    source = link(node.attributes.get("src", ""))
    if not is_safe_url(source):
        return [node.attributes.get("alt", "")]
    node.attributes |= {"src": source, "loading": "lazy"}
    node.attributes.setdefault("alt", "")
    return [node]


def _give_sizes(root: Node, sizes: Sizes) -> None:
    """Both sides of each image of known size; a side that its author chose keeps its length."""
    for node in root.elements():
        if node.tag == "img" and (size := sizes.get(node.attributes["src"])):
            width, height = _scaled(size, node.attributes.get("width", ""))
            node.attributes |= {"width": str(width), "height": str(height)}


def _scaled(size: tuple[int, int], wanted: str) -> tuple[int, int]:
    width, height = size
    if not (wanted.isascii() and wanted.isdecimal() and 0 < int(wanted) <= width):
        return size
    return int(wanted), max(1, round(height * int(wanted) / width))


def _name_headings(root: Node) -> None:
    anchors = Anchors()
    for node in root.elements():
        if node.tag in _HEADINGS:
            node.attributes["id"] = anchors.name(text_of(node))
        elif node.attributes.get("id", "").startswith(RESERVED_PREFIX):
            del node.attributes["id"]
