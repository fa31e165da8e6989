"""Stable names for headings, so that a link to a section keeps working."""

from __future__ import annotations

import re

from kbportal.kernel.text import fold

_OTHER = re.compile(r"[\W_]+")

RESERVED_PREFIX = "kb-"


def slug_of(text: str, *, limit: int = 120) -> str:
    """`Zmeniť heslo?` → `zmenit-heslo`; "" if nothing remains; letters of any script stay."""
    slug = _OTHER.sub("-", fold(text)).strip("-")
    return slug[:limit].rstrip("-")


class Anchors:
    """Hands out each anchor once. None begins with `kb-`: those are for the page around it."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, title: str) -> str:
        """The folded title, or the first of `-2`, `-3` … that is free."""
        base = slug_of(title) or "section"
        if base.startswith(RESERVED_PREFIX):
            base = f"section-{base}"
        anchor, n = base, 1
        while anchor in self._taken:
            n += 1
            anchor = f"{base}-{n}"
        self._taken.add(anchor)
        return anchor
