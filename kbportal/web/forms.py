"""What the editors decided about forms, for every room that has one."""

from __future__ import annotations

from kbportal.articles.forms import Forms
from kbportal.web.framed import is_framed_page
from kbportal.web.portal import portal


def forms() -> Forms:
    """Further questions, and which forms are silent."""
    return portal().forms.current()


def is_offered() -> bool:
    """Whether articles are suggested in the form of this page, by setting and editors' file."""
    form = "widget" if is_framed_page() else "contact"
    return portal().settings.suggestions and form not in forms().silent
