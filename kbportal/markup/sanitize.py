"""The wall between what people write and what browsers run.

Two libraries with one allowlist stand behind each other: bleach, then ammonia (nh3). Nothing
may decode or assemble HTML after `clean`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from functools import cache
from html import escape, unescape

import nh3
from bleach.sanitizer import Cleaner

from kbportal.markup.admonitions import with_admonition_titles
from kbportal.markup.allowlist import TAGS, allows, attributes_of
from kbportal.markup.plain import mark_safe_snippet, plain_to_html

__all__ = ["clean", "mark_safe_snippet", "plain_to_html", "tidy",
           "with_admonition_titles"]  # fmt: skip

_SETTLING_ROUNDS = 4
_FIRST_NEWLINES = re.compile(r"<pre>\n+")
_PROTOCOLS = frozenset({"http", "https", "mailto", "tel"})
_UNREADABLE = frozenset(
    {"script", "style", "template", "title", "noscript", "iframe", "object", "svg", "math"}
)
_threads = threading.local()


def clean(html: str) -> str:
    """The harmless part of any HTML: only allowed elements, attributes and addresses.

    The result is well-formed and cleaning it again changes nothing.
    """
    return _settle(_cleaner().clean(_without_nul(html)))


def tidy(html: str) -> str:
    """The allowed elements of any HTML, well-formed, with addresses as they were written.

    For reshaping only: whatever is built from it must still pass through `clean`.
    """
    return _well_former().clean(_without_nul(html))


def _settle(html: str) -> str:
    """Apply the second wall until nothing changes; text that never settles is shown as text."""
    for _ in range(_SETTLING_ROUNDS):
        cleaned = _ammonia(html)
        if cleaned == html:
            return html
        html = cleaned
    return escape(re.sub(r"<[^>]*>", " ", html), quote=False)


def _ammonia(html: str) -> str:
    # A parser drops the first line break of a `pre`: without any, that happens only once.
    return _second_wall().clean(_FIRST_NEWLINES.sub("<pre>", html))


@cache
def _second_wall() -> nh3.Cleaner:
    return _ammonia_with(lambda tag, name, value: value if allows(tag, name, value) else None)


@cache
def _well_former() -> nh3.Cleaner:
    return _ammonia_with(
        lambda tag, name, value: (
            value if name in {"href", "src"} or allows(tag, name, value) else None
        )
    )


def _ammonia_with(attribute_filter: Callable[[str, str, str], str | None]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(_UNREADABLE),
        attributes={tag: set(attributes_of(tag)) for tag in TAGS},
        attribute_filter=attribute_filter,
        link_rel=None,
        url_schemes=set(_PROTOCOLS),
    )


def _cleaner() -> Cleaner:
    """This thread's cleaner: bleach keeps state while it works."""
    if not hasattr(_threads, "cleaner"):
        _threads.cleaner = Cleaner(
            tags=TAGS,
            attributes=lambda tag, name, value: allows(tag, name, unescape(value)),
            protocols=_PROTOCOLS,
            strip=True,
            strip_comments=True,
        )
    cleaner: Cleaner = _threads.cleaner
    return cleaner


def _without_nul(html: str) -> str:
    return html.replace("\0", "")
