"""Titles of the topics that articles and tickets are filed under."""

from __future__ import annotations

from kbportal.kernel.errors import PortalError
from kbportal.web.locale import current_language
from kbportal.web.portal import portal


def topic_titles() -> dict[str, str]:
    """Slug → title of every topic, in the reader's language where it is named in it."""
    try:
        shelf = portal().live.current().shelf
    except PortalError:
        return {}
    mine = current_language()
    titles: dict[str, str] = {}
    for lang in sorted(portal().settings.languages, key=lambda lang: lang != mine):
        for category, _count in shelf.categories(lang, audience="staff"):
            titles.setdefault(category.slug, category.title)
    return titles
