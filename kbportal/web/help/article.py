"""An article with its contents list, its neighbours and its translations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Response, abort, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from kbportal.articles.shelf import ShelvedArticle
from kbportal.markup.model import Heading
from kbportal.web.help.freshness import public_page
from kbportal.web.help.library import article_rows, article_url, category_rows, shelf
from kbportal.web.help.rows import ArticleRow, CategoryRow, Link
from kbportal.web.locale import Alternate, alternates, language_name
from kbportal.web.portal import portal
from kbportal.web.prose import article_html

RELATED = 4


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article as its page shows it; `newer` leads to the version that this one lags behind."""

    id: str
    slug: str
    title: str
    summary: str
    html: Markup
    outline: tuple[Heading, ...]
    updated: date | None
    category: CategoryRow | None
    previous: Link | None
    next: Link | None
    related: list[ArticleRow]
    newer: Link | None
    translations: dict[str, str]


def article(lang: str, slug: str) -> AnyResponse:
    """The article at this address, or the way to where it is now."""
    found = shelf().article(lang, slug)
    if found is None:
        return _moved(lang, slug) or _untranslated(lang, slug)
    page = _page(found)
    return public_page(
        render_template("help/article.html", article=page, page_alternates=_alternates(page, slug))
    )


def _page(found: ShelvedArticle) -> ArticlePage:
    one = found.article
    here = shelf().in_category(one.lang, one.category)
    at = next((i for i, card in enumerate(here) if card.id == one.id), 0)
    further = [*here[at + 2 :], *here[: max(0, at - 1)]]
    return ArticlePage(
        id=one.id,
        slug=one.slug,
        title=one.title,
        summary=one.summary,
        html=article_html(found.html),
        outline=found.outline,
        updated=one.updated,
        category=next((c for c in category_rows(one.lang) if c.slug == one.category), None),
        previous=_link(here[at - 1].title, one.lang, here[at - 1].slug) if at > 0 else None,
        next=_link(here[at + 1].title, one.lang, here[at + 1].slug) if here[at + 1 :] else None,
        related=article_rows(further[:RELATED]),
        newer=_newer(found),
        translations={
            lang: article_url(lang, slug)
            for lang, slug in shelf().translations(one.key).items()
            if lang in portal().settings.languages
        },
    )


def _link(title: str, lang: str, slug: str) -> Link:
    return Link(title, article_url(lang, slug))


def _newer(found: ShelvedArticle) -> Link | None:
    """The version in the portal's first language, if it was updated after this one."""
    one, source = found.article, portal().settings.default_language
    slug = shelf().translations(one.key).get(source)
    if one.lang == source or not slug or not one.updated:
        return None
    original = shelf().article(source, slug)
    if original is None or not original.article.updated:
        return None
    is_newer = original.article.updated > one.updated
    return Link(language_name(source), article_url(source, slug)) if is_newer else None


def _alternates(page: ArticlePage, slug: str) -> tuple[Alternate, ...]:
    """Each language's translation; where there is none, the page that says so."""
    offered = portal().settings.languages
    return alternates({lang: article_url(lang, slug) for lang in offered} | page.translations)


def _moved(lang: str, slug: str) -> AnyResponse | None:
    """The way to an article that was renamed, or that has another name in this language."""
    if new_slug := shelf().redirect(lang, slug):
        return redirect(article_url(lang, new_slug), 301)
    if translated := _known_elsewhere(lang, slug).get(lang):
        return redirect(article_url(lang, translated), 302)
    return None


def _known_elsewhere(lang: str, slug: str) -> dict[str, str]:
    """Language → slug of the article that has this slug in some other language."""
    for other in portal().settings.languages:
        if other != lang and (found := shelf().article(other, slug)):
            return shelf().translations(found.article.key)
    return {}


def _untranslated(lang: str, slug: str) -> Response:
    """An article that exists in other languages only: where to read it, and what else is here."""
    known = _known_elsewhere(lang, slug)
    versions = [
        (language_name(other), other, found.article.title, article_url(other, other_slug))
        for other, other_slug in known.items()
        if other in portal().settings.languages and (found := shelf().article(other, other_slug))
    ]
    if not versions:
        abort(404)
    return public_page(
        render_template(
            "help/untranslated.html",
            versions=versions,
            categories=category_rows(lang),
            page_alternates=alternates(
                {other: url_for("help.article", lang=other, slug=s) for other, s in known.items()}
            ),
        )
    )
