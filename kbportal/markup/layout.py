"""Indentation as people write it, turned into the four columns per level that Markdown's
reference dialect asks for.

Authors indent what belongs to a list item by two, three or four spaces, start a list right
under a paragraph, and put fenced code into steps. The renderer understands none of that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kbportal.markup.fences import Fences

_ITEM = re.compile(r"(?P<mark>[-*+]|[0-9]{1,9}[.)])(?P<gap> +|$)(?P<rest>.*)")
_RULE = re.compile(r"(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})")
_STARTS_BLOCK = re.compile(
    r"#{1,6} |>|\||!!! |</?(?:table|div|details|[uo]l|p|h[1-6]|pre|hr)\b", re.IGNORECASE
)
_DETAILS = re.compile(r"<details( open)?> *")
_STEP = "    "


def indent_by_four(lines: list[str]) -> list[str]:
    """The same article with four spaces for each level of list or admonition.

    Code inside a list item, fenced or not, becomes indented code; tabs become spaces.
    """
    layout = _Layout()
    for line in lines:
        layout.take(line.expandtabs(4))
    return layout.finish()


@dataclass(frozen=True, slots=True)
class _Container:
    """A list item or admonition: what belongs to it is indented by at least `least` columns."""

    least: int
    content: int
    is_item: bool


class _Layout:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._inside: list[_Container] = []
        self._fences = Fences()
        self._after_blank = True
        self._after_text = False

    def take(self, line: str) -> None:
        was_open = self._fences.is_open
        if self._fences.holds(line):
            self._code(line, opens=not was_open, closes=not self._fences.is_open)
        elif not line.strip():
            self._blank()
        else:
            self._text(line)

    def finish(self) -> list[str]:
        if self._fences.is_open and not self._inside:
            self._out.append(self._fences.closing)
        return self._out

    def _blank(self) -> None:
        self._out.append("")
        self._after_blank = True
        self._after_text = False

    def _code(self, line: str, *, opens: bool, closes: bool) -> None:
        """Fenced code: kept at the margin, indented code in a list item."""
        if opens:
            self._leave(self._fences.indent)
        bare = line[min(self._fences.indent, len(line) - len(line.lstrip())) :]
        if not self._inside:
            self._out.append(bare)
        elif opens or closes:
            self._out.append("")
        else:
            self._out.append(_STEP * (len(self._inside) + 1) + bare)
        self._after_blank = closes
        self._after_text = False

    def _text(self, line: str) -> None:
        bare = line.lstrip()
        indent = len(line) - len(bare)
        item = self._as_item(bare)
        if item or self._after_blank or _STARTS_BLOCK.match(bare):
            self._leave(indent)
        deeper = indent - (self._inside[-1].content if self._inside else 0)
        if deeper >= 4 and (self._after_blank or not self._inside):
            self._put(" " * deeper + bare)
        elif item:
            self._item(item, indent)
        elif bare.startswith("!!!"):
            self._put(bare)
            self._inside.append(_Container(indent + 4, indent + 4, is_item=False))
        else:
            self._paragraph(bare)
        self._after_blank = False

    def _as_item(self, bare: str) -> re.Match[str] | None:
        """The line as a list item; under a paragraph only a bullet or number 1 starts a list."""
        item = None if _RULE.fullmatch(bare.rstrip()) else _ITEM.fullmatch(bare)
        if item and self._after_text and not self._in_item():
            return item if item["mark"] in {"-", "*", "+", "1.", "1)"} else None
        return item

    def _item(self, item: re.Match[str], indent: int) -> None:
        """A list item; a list right under a paragraph gets the blank line that it needs."""
        if self._after_text and not self._in_item():
            self._out.append("")
        mark, gap = item["mark"].replace(")", "."), len(item["gap"])
        self._put(f"{mark} {item['rest']}")
        content = indent + len(mark) + (gap if 0 < gap < 5 else 1)
        self._inside.append(_Container(min(indent + 2, content), content, is_item=True))
        self._after_text = False

    def _paragraph(self, bare: str) -> None:
        """Any other line; a table right under text gets the blank line that it needs."""
        is_row = bare.startswith("|")
        above = self._out[-1].lstrip() if self._out else ""
        if is_row and above and not above.startswith("|"):
            self._out.append("")
        # What a collapsible box holds is Markdown too, which the renderer must be told.
        self._put(_DETAILS.sub(r'<details\1 markdown="1">', bare, count=1))
        self._after_text = True

    def _in_item(self) -> bool:
        return bool(self._inside) and self._inside[-1].is_item

    def _put(self, text: str) -> None:
        self._out.append(_STEP * len(self._inside) + text)

    def _leave(self, indent: int) -> None:
        """Close whatever this indentation no longer belongs to."""
        left = False
        while self._inside and indent < self._inside[-1].least:
            left = not self._inside.pop().is_item
        if left and self._out and self._out[-1]:
            self._out.append("")
