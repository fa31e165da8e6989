"""Customers' own words as HTML: escaped, never interpreted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from kbportal.markup.allowlist import is_safe_url

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\{}|^]{1,2000}", re.IGNORECASE)
_SENTENCE_END = ".,;:!?…»”’)]*_"
_PARAGRAPH_GAP = re.compile(r"\n[ \t]*\n\s*")


def plain_to_html(text: str) -> str:
    """Customer text as safe paragraphs with its line breaks; web addresses become links."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    paragraphs = _PARAGRAPH_GAP.split(unified) if unified else []
    return "".join(f"<p>{_with_links(one).replace(chr(10), '<br>')}</p>" for one in paragraphs)


def mark_safe_snippet(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Plain text, escaped, with `<mark>` around the given (start, end) spans of characters.

    Spans may touch, overlap, come in any order or reach over the ends.
    """
    pieces: list[str] = []
    done = 0
    for start, end in _merged(spans, len(text)):
        pieces += escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"
        done = end
    return "".join([*pieces, escape(text[done:])])


def _with_links(text: str) -> str:
    pieces: list[str] = []
    done = 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(_SENTENCE_END)
        if not is_safe_url(address):
            continue
        shown = escape(address)
        pieces += escape(text[done : found.start()]), _link(shown)
        done = found.start() + len(address)
    return "".join([*pieces, escape(text[done:])])


def _link(address: str) -> str:
    return f'<a href="{address}" rel="noopener nofollow">{address}</a>'


def _merged(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(end, length)) for start, end in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
