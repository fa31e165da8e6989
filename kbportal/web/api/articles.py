"""One article, whole, as a card in the ticket form or a widget shows it."""

from __future__ import annotations

from flask import Response, jsonify, request, url_for
from flask_babel import gettext as _

from kbportal.articles.shelf import Shelf, ShelvedArticle
from kbportal.web.api.parameters import speak
from kbportal.web.api.refusals import Refused
from kbportal.web.api.rows import Page, Section
from kbportal.web.categories import category_titles
from kbportal.web.portal import portal
from kbportal.web.prose import article_html
from kbportal.web.versions import blended, not_for_all, running, version_b
from kbportal.web.visitor import recognised


def article(lang: str, slug: str) -> Response:
    """The article at this address; the way to it where it was renamed."""
    speak(lang)
    shelf = portal().live.current().shelf
    shelved = shelf.article(lang, slug)
    if shelved is None:
        return _moved(shelf, lang, slug)
    is_tested = shelved.article.id in running(shelf)
    if is_tested:
        shelved = blended(shelved, version_b(recognised(), shelved.article.id, shelf))
    response = jsonify(_page(shelved, shelf))
    response.add_etag()
    response.cache_control.public = True
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return not_for_all(response) if is_tested else response


def _moved(shelf: Shelf, lang: str, slug: str) -> Response:
    new_slug = shelf.redirect(lang, slug)
    if new_slug is None:
        raise Refused(404, "article_missing", _("There is no such article."))
    url = url_for("api.article", lang=lang, slug=new_slug)
    response = jsonify({"url": url})
    response.status_code = 301
    response.location = url
    return response


def _page(shelved: ShelvedArticle, shelf: Shelf) -> Page:
    one = shelved.article
    offered = portal().settings.languages
    return Page(
        id=one.id,
        lang=one.lang,
        slug=one.slug,
        title=one.title,
        summary=one.summary,
        category=category_titles(one.lang).get(one.category, ""),
        url=_url(one.lang, one.slug),
        html=str(article_html(shelved.html)),
        outline=tuple(Section(h.level, h.anchor, h.title) for h in shelved.outline),
        updated=one.updated.isoformat() if one.updated else None,
        translations={
            lang: _url(lang, slug)
            for lang, slug in shelf.translations(one.key).items()
            if lang != one.lang and lang in offered
        },
    )


def _url(lang: str, slug: str) -> str:
    return url_for("help.article", lang=lang, slug=slug)
