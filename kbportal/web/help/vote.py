"""Was this helpful? Asked on its own page where no script runs, and kept as an event."""

from __future__ import annotations

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kbportal.articles.shelf import ShelvedArticle
from kbportal.events.catalog import EventType, Surface
from kbportal.web.help.library import article_url, shelf
from kbportal.web.locale import alternates
from kbportal.web.portal import portal
from kbportal.web.visitor import record

REASONS = ("outdated", "unclear", "missing", "not_mine", "other")


def ask(lang: str, slug: str) -> Response:
    """The question; `answer` preselects yes or no."""
    found = _find(lang, slug)
    answer = "no" if request.args.get("answer") == "no" else "yes"
    return _page(found, answer=answer)


def note(lang: str, slug: str) -> AnyResponse:
    """Keep the vote, then say thanks."""
    found = _find(lang, slug)
    answer, reason = request.form.get("answer", ""), request.form.get("reason", "")
    if answer not in {"yes", "no"} or reason not in {"", *REASONS}:
        abort(422)
    record(
        EventType.ARTICLE_VOTED,
        Surface.ARTICLE,
        article=found.article.id,
        value=answer,
        reason=reason or None,
    )
    return redirect(url_for("help.voted", slug=slug), 303)


def thanks(lang: str, slug: str) -> Response:
    """After the vote."""
    return _page(_find(lang, slug), answer="", thanked=True)


def _find(lang: str, slug: str) -> ShelvedArticle:
    found = shelf().article(lang, slug)
    if found is None:
        abort(404)
    return found


def _page(found: ShelvedArticle, *, answer: str, thanked: bool = False) -> Response:
    html = render_template(
        "help/vote.html",
        title=found.article.title,
        slug=found.article.slug,
        back=article_url(found.article.lang, found.article.slug),
        answer=answer,
        thanked=thanked,
        page_alternates=alternates(
            {lang: article_url(lang, found.article.slug) for lang in portal().settings.languages}
        ),
    )
    return make_response(html)
