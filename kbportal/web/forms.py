"""What the editors decided about forms, for every room that has one."""

from __future__ import annotations

from kbportal.articles.forms import Forms
from kbportal.web.portal import portal


def forms() -> Forms:
    """Further questions, and which forms are silent."""
    return portal().forms.current()


def is_offered(form: str = "contact") -> bool:
    """Whether articles are suggested in this form: by the setting, and by the editors' file."""
    return portal().settings.suggestions and form not in forms().silent
