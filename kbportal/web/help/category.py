"""A category: what it is about and the articles in it."""

from __future__ import annotations

from flask import Response, abort, render_template, url_for

from kbportal.web.addresses import public_address
from kbportal.web.categories import category_titles
from kbportal.web.freshness import public_page
from kbportal.web.help.library import article_rows, category_rows, shelf
from kbportal.web.help.rows import FilterRow
from kbportal.web.locale import alternates
from kbportal.web.portal import portal


def category(lang: str, slug: str) -> Response:
    """The articles of a category by title; 404 for one that no language has."""
    rows = {row.slug: row for row in category_rows(lang)}
    if slug not in rows:
        return _elsewhere(lang, slug)
    translations = {
        one: public_address("help.category", lang=one, slug=slug) for one in _translations(slug)
    }
    return public_page(
        render_template(
            "help/category.html",
            category=rows[slug],
            articles=article_rows(shelf().in_category(lang, slug)),
            topics=[
                FilterRow(row.title, row.count, row.url, row.slug == slug) for row in rows.values()
            ],
            canonical=translations[lang],
            translations=translations if len(translations) > 1 else {},
            page_alternates=alternates(_urls(slug)),
        )
    )


def _translations(slug: str) -> dict[str, str]:
    """Language → path of the category, in those languages that have it."""
    return {
        lang: url_for("help.category", lang=lang, slug=slug)
        for lang in portal().settings.languages
        if slug in category_titles(lang)
    }


def _urls(slug: str) -> dict[str, str]:
    """The category in each language that has it, the home page of the others."""
    homes = {lang: url_for("help.home", lang=lang) for lang in portal().settings.languages}
    return homes | _translations(slug)


def _elsewhere(lang: str, slug: str) -> Response:
    """A category known in another language only: the topics of this one."""
    if not _translations(slug):
        abort(404)
    html = render_template("help/category_elsewhere.html", categories=category_rows(lang))
    return public_page(html)
