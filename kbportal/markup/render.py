"""Markdown to safe HTML, contents list and sections: the only user of the Markdown library.

Some inputs take it quadratic time. What people wrote is rendered by `render_many` or
`render_within_limits` (in `pool`), which call this module in a process that may be killed.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from types import MappingProxyType

import markdown
from markdown.inlinepatterns import HtmlInlineProcessor

from kbportal.markup.allowlist import TAGS
from kbportal.markup.dialects import unify
from kbportal.markup.layout import indent_by_four
from kbportal.markup.model import Rendered, Sizes
from kbportal.markup.reshape import reshape
from kbportal.markup.sanitize import clean, tidy
from kbportal.markup.sections import outline_of, sections_of
from kbportal.markup.tree import parse, to_html

_EXTENSIONS = ("tables", "fenced_code", "admonition", "sane_lists", "md_in_html")
_UNWANTED = re.compile("[\0-\b\v\f\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_TOP_HEADING = re.compile(r"<(/?)h1\b", re.IGNORECASE)

# Elements that are stripped, as opposed to words in angle brackets, which are shown.
_STRIPPED = {
    "h1", "script", "style", "iframe", "object", "embed", "svg", "math", "video", "audio", "source",
    "font", "center", "big", "strike", "tt", "nobr", "section", "article", "main", "header",
    "footer", "nav", "aside", "input", "button", "form", "label", "select", "option", "textarea",
    "body", "html", "head", "meta", "link", "base", "template", "noscript",
}  # fmt: skip
_ELEMENT = rf"(<(?:/?(?:{'|'.join(sorted(TAGS | _STRIPPED))})(?:[\s/][^<>]*)?|!--.*?--)>)"
_threads = threading.local()
_UNKNOWN: Sizes = MappingProxyType({})


def render(
    text: str, *, link: Callable[[str], str] | None = None, sizes: Sizes = _UNKNOWN
) -> Rendered:
    """Render an article in this very process, however long that takes.

    Args:
        text: Markdown.
        link: Given each address as written; returns the one to use, "" for none.
        sizes: By the address to use; pages keep the room that a picture will take.

    Returns:
        HTML that passed the sanitiser last; every h2-h6 has an id, each contents entry is an
        h2 or h3, sections are cut at h2 and h3.
    """
    written = _markdown().reset().convert(_prepared(text))
    root = parse(tidy(_TOP_HEADING.sub(r"<\1h2", written)))
    reshape(root, link=link, sizes=sizes)
    html = clean(to_html(root))
    final = parse(html)
    return Rendered(html, outline_of(final), sections_of(final, html))


def _prepared(text: str) -> str:
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = _UNWANTED.sub("", unified).split("\n")
    return "\n".join(indent_by_four(unify(lines)))


def _markdown() -> markdown.Markdown:
    """This thread's renderer, made once: making one costs more than most articles."""
    if not hasattr(_threads, "markdown"):
        converter = markdown.Markdown(
            extensions=list(_EXTENSIONS),
            extension_configs={"tables": {"use_align_attribute": True}},
            output_format="html",
        )
        converter.inlinePatterns.register(HtmlInlineProcessor(_ELEMENT, converter), "html", 90)
        _threads.markdown = converter
    return _threads.markdown
