"""The page of another site that somebody had before them when they wrote to us by the widget.

It is shown to them first and may be left out. Of an address, only what cannot be a secret is
kept: no query, no fragment, no long codes, nothing that looks like a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

from kbportal.events.privacy import scrub
from kbportal.kernel.text import normalise
from kbportal.tickets.model import Answer
from kbportal.web.conversation import page_answer
from kbportal.web.framed import is_framed_page
from kbportal.web.portal import portal

FIELDS = ("page_url", "page_title", "page_along")
LONGEST_ADDRESS, LONGEST_TITLE = 300, 200
_ADDRESS = re.compile(r"(https?://[^/?#\s]+)(/[^?#\s]*)?(?:[?#]\S*)?")
# Twenty signs with a digit among them: a key, a session or a token rather than a word.
_CODE = re.compile(r"(?=[^/]*[0-9])[^/]{20,}")


@dataclass(frozen=True, slots=True)
class Page:
    """Address and title; `is_sent` unless the writer said that it is nobody's business."""

    url: str
    title: str
    is_sent: bool


def written_from() -> Page | None:
    """The page that the form of this request names, if it is one of a site on the list."""
    if not is_framed_page():
        return None
    match = _ADDRESS.fullmatch(_given("page_url")[: 4 * LONGEST_ADDRESS])
    if match is None:
        return None
    site, path = match[1].lower(), match[2] or "/"
    if site not in portal().settings.widget_origins:
        return None
    steps = (scrub(_CODE.sub("…", step)) for step in path.split("/"))
    url = normalise(site + "/".join(steps))[:LONGEST_ADDRESS]
    title = scrub(normalise(_given("page_title")[: 4 * LONGEST_TITLE]))
    return Page(url, title[:LONGEST_TITLE], _given("page_along") == "1")


def page_answers() -> tuple[Answer, ...]:
    """The page as something that the writer answered, for agents to see."""
    page = written_from()
    if page is None or not page.is_sent:
        return ()
    value = f"{page.title} ({page.url})" if page.title else page.url
    return (page_answer(value),)


def _given(field: str) -> str:
    """A field of the form; nothing of a form that is too large to be read.

    The page that refuses such a form asks here as well: it must not fail for the same reason.
    """
    try:
        return request.form.get(field, "")
    except HTTPException:
        return ""
