"""The first page: search, topics, what is read most or often asked, and what is new."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from kbportal.web.freshness import public_page
from kbportal.web.help.library import article_rows, category_rows, popular_rows, shelf
from kbportal.web.help.rows import ArticleRow
from kbportal.web.locale import preferred_language

POPULAR, OFTEN_ASKED, NEWEST = 6, 6, 6


def welcome() -> AnyResponse:
    """Send a visitor to the home page in their language."""
    response = redirect(url_for("help.home", lang=preferred_language()), 302)
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def home(lang: str) -> Response:
    """The home page of a language."""
    asked = [
        ArticleRow(
            one.article.title,
            url_for("help.article", slug=one.article.slug),
            one.article.summary,
            one.article.updated,
        )
        for one in shelf().faq(lang)
    ]
    newest = article_rows(shelf().newest(lang, NEWEST))
    return public_page(
        render_template(
            "help/home.html",
            categories=category_rows(lang),
            popular=popular_rows(lang, POPULAR),
            asked=asked[:OFTEN_ASKED],
            newest=newest,
        )
    )
