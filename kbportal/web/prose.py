"""Article HTML made ready for a page: what depends on the reader's language or on its place.

What comes in has passed the sanitiser; what is added here is fixed markup and escaped text.
These functions are the only ones in the rooms that call HTML safe.
"""

from __future__ import annotations

import re

from flask_babel import gettext as _
from markupsafe import Markup, escape

_UNTITLED = re.compile(
    r'<div class="admonition (note|tip|warning|danger)">(?!\s*<p class="admonition-title">)'
)
_PART = re.compile(
    r"<h[2-6]\b[^<>]*>(?P<heading>.*?)</h[2-6]>"
    r'|(?P<table><div class="table-scroll"[^<>]*>)|(?P<code><pre>)|(?P<end></pre>)',
    re.DOTALL,
)
_TAG = re.compile(r"<[^<>]*>")
_ID = re.compile(r'(<[a-z][^<>]*? id=")')
_OWN_LINK = re.compile(r'(<a [^<>]*?href="#)')
_HEADING = re.compile(r"(</?h)([2-6])\b")


def article_html(html: str) -> Markup:
    """An article's text with titles for its notes; what scrolls in it is named and reachable.

    A table is called after the heading above it, so that two of them can be told apart.
    """
    above = ""

    def reachable(match: re.Match[str]) -> str:
        nonlocal above
        if match["table"]:
            label = f"{escape(_('Table'))}: {above}" if above else escape(_("Table"))
            return f'<div class="table-scroll" role="group" tabindex="0" aria-label="{label}">'
        if match["code"]:
            label = escape(_("Code"))
            return f'<div class="code"><pre role="group" tabindex="0" aria-label="{label}">'
        if match["end"]:
            return "</pre></div>"
        # Escaped as it is, but for quotation marks, which end an attribute.
        above = _TAG.sub("", match["heading"]).strip().replace('"', "&#34;")
        return match[0]

    return Markup(_PART.sub(reachable, _UNTITLED.sub(_with_title, html)))  # noqa: S704


def part_html(html: str, *, prefix: str, demote: int = 2) -> Markup:
    """An article as a part of a page: its anchors are prefixed, its headings go down in rank."""
    apart = _OWN_LINK.sub(rf"\g<1>{prefix}", _ID.sub(rf"\g<1>{prefix}", html))
    return article_html(_HEADING.sub(lambda h: f"{h[1]}{min(6, int(h[2]) + demote)}", apart))


def snippet_html(snippet: str) -> Markup:
    """A matching sentence as the search brick gives it: escaped, with <mark> around matches."""
    return Markup(snippet)  # noqa: S704


def message_html(html: str) -> Markup:
    """What a customer or an agent wrote, as `markup.sanitize.plain_to_html` gives it."""
    return Markup(html)  # noqa: S704


def _with_title(match: re.Match[str]) -> str:
    titles = {"note": _("Note"), "tip": _("Tip"), "warning": _("Watch out"), "danger": _("Danger")}
    return f'{match[0]}<p class="admonition-title">{escape(titles[match[1]])}</p>'
