"""What HTML may stand in an article: elements, attributes, and what their values may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

_ANYWHERE = frozenset({"id", "title", "lang", "dir"})

_OWN_ATTRIBUTES: Mapping[str, set[str]] = {
    "a": {"href", "name", "rel"},
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "div": {"class", "tabindex"},
    "img": {"src", "alt", "width", "height", "loading"},
    "li": {"value"},
    "ol": {"start", "type", "reversed"},
    "p": {"class"},
    "td": {"colspan", "rowspan", "align", "headers"},
    "th": {"colspan", "rowspan", "align", "headers", "scope"},
}

TAGS = frozenset(_OWN_ATTRIBUTES) | {
    "abbr", "b", "blockquote", "br", "caption", "cite", "dd", "del", "dfn", "dl", "dt", "em",
    "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "mark", "pre",
    "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody",
    "tfoot", "thead", "tr", "u", "ul", "var", "wbr",
}  # fmt: skip

CLASSES: Mapping[str, frozenset[str]] = {
    "div": frozenset({"admonition", "note", "tip", "warning", "danger", "table-scroll"}),
    "p": frozenset({"admonition-title"}),
}

_LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_WEB_SCHEMES = frozenset({"http", "https"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_FORBIDDEN_IN_URL = re.compile(r'[\s\\<>"`{}|^]')


def attributes_of(tag: str) -> frozenset[str]:
    """The names that attributes of this element may have."""
    return _ANYWHERE | _OWN_ATTRIBUTES.get(tag, set())


def allows(tag: str, name: str, value: str) -> bool:
    """Whether this element may have this attribute with this value (entities already decoded)."""
    if name not in attributes_of(tag):
        return False
    if name == "class":
        return _is_known_class(tag, value)
    check = _VALUES.get(name)
    return check(value) if check else True


def is_safe_url(url: str) -> bool:
    """Whether a link may lead there: http, https, mailto, tel, this site, or this page.

    No control or format characters, no backslash, no user name before the host, no `//`.
    """
    return _is_safe(url, _LINK_SCHEMES)


def is_external(url: str) -> bool:
    """Whether a safe URL leads to another site."""
    return url[:5].lower() in {"http:", "https"}


def _is_safe_source(url: str) -> bool:
    return not url.startswith("#") and _is_safe(url, _WEB_SCHEMES)


def _is_safe(url: str, schemes: frozenset[str]) -> bool:
    if _FORBIDDEN_IN_URL.search(url) or not _is_visible(url):
        return False
    scheme = _SCHEME.match(url)
    if scheme is None:
        return url.startswith("#") or (url.startswith("/") and not url.startswith("//"))
    name = scheme.group()[:-1].lower()
    return name in schemes and (name not in _WEB_SCHEMES or _has_plain_host(url))


def _is_visible(text: str) -> bool:
    return text.isascii() or not any(unicodedata.category(char)[0] == "C" for char in text)


def _has_plain_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.netloc) and "@" not in parts.netloc


def _is_known_class(tag: str, value: str) -> bool:
    if tag == "code":
        return bool(re.fullmatch(r"language-[\w+#.\-]{1,40}", value))
    return bool(value.split()) and CLASSES[tag].issuperset(value.split())


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: bool(compiled.fullmatch(value))


_number = _matches(r"[0-9]{1,4}")
_name = _matches(r"[\w.\-]{1,200}")

_VALUES: Mapping[str, Callable[[str], bool]] = {
    "href": is_safe_url,
    "src": _is_safe_source,
    "id": _name,
    "name": _name,
    "rel": _matches("noopener"),
    "dir": _matches("ltr|rtl|auto"),
    "lang": _matches(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}"),
    "loading": _matches("lazy"),
    "tabindex": _matches("0"),
    "align": _matches("left|right|center"),
    "type": _matches("[1aAiI]"),
    "scope": _matches("row|col|rowgroup|colgroup"),
    "width": _number,
    "height": _number,
    "span": _number,
    "colspan": _number,
    "rowspan": _number,
    "start": _number,
    "value": _number,
}
