"""Titles of the topics that articles and tickets are filed under."""

from __future__ import annotations

from kbportal.web.categories import category_titles
from kbportal.web.locale import current_language
from kbportal.web.portal import portal


def topic_titles() -> dict[str, str]:
    """Slug → title of every topic, in the reader's language where it is named in it."""
    mine = current_language()
    titles: dict[str, str] = {}
    for lang in sorted(portal().settings.languages, key=lambda lang: lang != mine):
        for slug, title in category_titles(lang, audience="staff").items():
            titles.setdefault(slug, title)
    return titles
