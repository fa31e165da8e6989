"""Boxes such as notes and warnings, whose usual titles depend on the page's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

KINDS = ("note", "tip", "warning", "danger")

_UNTITLED = re.compile(
    rf'(?P<box><div class="admonition (?P<kind>{"|".join(KINDS)})">)'
    r'(?!\s*<p class="admonition-title">)'
)


def with_admonition_titles(html: str, titles: Mapping[str, str]) -> str:
    """Safe html in which each box that its author gave no title has the usual one.

    Args:
        html: What `render` made: there, a box always begins in exactly one way.
        titles: Kind (`note`, `tip`, `warning`, `danger`) → plain text in the page's language;
            a kind that is missing stays without.
    """

    def titled(found: re.Match[str]) -> str:
        title = titles.get(found["kind"])
        if not title:
            return found["box"]
        return f'{found["box"]}<p class="admonition-title">{escape(title)}</p>'

    return _UNTITLED.sub(titled, html)
