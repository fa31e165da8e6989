"""Addresses at which this language has no article: where it is now, or where it can be read."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from kbportal.articles.shelf import ArticleCard
from kbportal.web.freshness import public_page
from kbportal.web.help.library import article_url, category_rows, shelf
from kbportal.web.help.rows import Version
from kbportal.web.locale import alternates, language_name
from kbportal.web.portal import portal


def elsewhere(lang: str, slug: str) -> AnyResponse:
    """The way to a renamed or differently named article, or a page that names its languages.

    A redirect leads to an article that is there, never to another redirect: there are no loops.
    404 where no language knows the address.
    """
    if new_slug := shelf().redirect(lang, slug):
        return redirect(article_url(lang, new_slug), 301)
    family = _known_elsewhere(lang, slug)
    if translated := family.get(lang):
        # Not for good: the language may get an article of this very name.
        return redirect(article_url(lang, translated.slug), 302)
    return _untranslated(lang, family)


def _known_elsewhere(lang: str, slug: str) -> dict[str, ArticleCard]:
    """Language → the article that has this slug in some other language, or had it once."""
    offered = portal().settings.languages
    for other in offered:
        if other == lang:
            continue
        present = slug if shelf().article(other, slug) else shelf().redirect(other, slug)
        found = shelf().article(other, present) if present else None
        if found:
            family = shelf().family(found.article.key)
            return {code: family[code] for code in offered if code in family}
    return {}


def _untranslated(lang: str, family: dict[str, ArticleCard]) -> Response:
    """An article that exists in other languages only: where to read it, and what else is here."""
    if not family:
        abort(404)
    versions = [
        Version(language_name(code), code, card.title, article_url(code, card.slug))
        for code, card in family.items()
    ]
    return public_page(
        render_template(
            "help/untranslated.html",
            versions=versions,
            categories=category_rows(lang),
            page_alternates=alternates({one.code: one.url for one in versions}),
        )
    )
