"""An article with its contents list, its neighbours and its translations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from kbportal.articles.shelf import ArticleCard, ShelvedArticle
from kbportal.deflection.trials.content_tests import B
from kbportal.markup.model import Heading
from kbportal.web.help.about import ArticleFacts, facts_of
from kbportal.web.help.elsewhere import elsewhere
from kbportal.web.help.library import article_url, category_row, shelf
from kbportal.web.help.related import related
from kbportal.web.help.rows import ArticleRow, CategoryRow, Link
from kbportal.web.kept_pages import kept_page
from kbportal.web.locale import Alternate, alternates, language_name
from kbportal.web.marked_links import PARAMETER
from kbportal.web.portal import portal
from kbportal.web.prose import article_html
from kbportal.web.versions import blended, not_for_all, running, version_b
from kbportal.web.visitor import recognised, staff_id


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
    facts: ArticleFacts


def article(lang: str, slug: str) -> AnyResponse:
    """The article at this address, or the way to where it is now."""
    found = shelf().article(lang, slug)
    if found is None:
        return elsewhere(lang, slug)
    is_tried = found.article.id in running(shelf())
    version = _version_b(found.article.id) if is_tried else None
    page = kept_page(lambda: _html(found, version, slug), varies=(B,) if version else ())
    if PARAMETER in request.args:
        # It is the same page under an address that somebody was sent: none for search engines.
        page.headers["X-Robots-Tag"] = "noindex"
    return not_for_all(page) if is_tried else page


def _html(found: ShelvedArticle, version: ShelvedArticle | None, slug: str) -> str:
    family = _family(found)
    page = _page(blended(found, version), family)
    return render_template(
        "help/article.html", article=page, page_alternates=_alternates(slug, family)
    )


def _version_b(article_id: str) -> ShelvedArticle | None:
    """Version B, where it is tried with this visitor, or where a colleague looks at it."""
    if request.args.get("version") == B and staff_id():
        return shelf().version_b(article_id)
    return version_b(recognised(), article_id, shelf())


def _page(found: ShelvedArticle, family: dict[str, ArticleCard]) -> ArticlePage:
    one = family[found.article.lang]
    before, after = _neighbours(one)
    category = category_row(one.lang, one.category)
    return ArticlePage(
        id=one.id,
        slug=one.slug,
        title=found.article.title,
        summary=found.article.summary,
        html=article_html(found.html),
        outline=found.outline,
        updated=one.updated,
        category=category,
        previous=_link(before),
        next=_link(after),
        related=related(one, shown={card.id for card in (before, after) if card}),
        newer=_newer(one, family),
        facts=facts_of(one, family, category),
    )


def _family(found: ShelvedArticle) -> dict[str, ArticleCard]:
    """The article in every language that the portal offers, itself at any rate."""
    one, offered = found.article, portal().settings.languages
    cards = {k: card for k, card in shelf().family(one.key).items() if k in offered}
    # Where two articles claim to be one translation, each is itself on its own page.
    own = shelf().card(one.id)
    return cards | {one.lang: own} if own else cards


def _neighbours(one: ArticleCard) -> tuple[ArticleCard | None, ArticleCard | None]:
    """The articles before and after this one in its category."""
    here = shelf().in_category(one.lang, one.category)
    at = next((i for i, card in enumerate(here) if card.id == one.id), 0)
    return (here[at - 1] if at else None), (here[at + 1] if here[at + 1 :] else None)


def _link(card: ArticleCard | None) -> Link | None:
    return Link(card.title, article_url(card.lang, card.slug)) if card else None


def _newer(one: ArticleCard, family: dict[str, ArticleCard]) -> Link | None:
    """The version in the portal's first language, if it was updated after this one."""
    source = family.get(portal().settings.default_language)
    if source is None or source.id == one.id or not (source.updated and one.updated):
        return None
    if source.updated <= one.updated:
        return None
    return Link(language_name(source.lang), article_url(source.lang, source.slug))


def _alternates(slug: str, family: dict[str, ArticleCard]) -> tuple[Alternate, ...]:
    """Each language's translation; where there is none, the page that says so."""
    offered = portal().settings.languages
    slugs = {lang: family[lang].slug if lang in family else slug for lang in offered}
    return alternates({lang: article_url(lang, one) for lang, one in slugs.items()})
