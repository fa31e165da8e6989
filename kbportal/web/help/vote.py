"""Was this helpful? Asked on its own page where no script runs; what is written is kept apart.

The vote and its reason are an event. The comment is not: it goes, scrubbed, to the comments.
"""

from __future__ import annotations

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kbportal.articles.shelf import ShelvedArticle
from kbportal.events.catalog import EventType, Surface
from kbportal.feedback.commenting import comment_on
from kbportal.feedback.model import LONGEST
from kbportal.web.help.library import article_url, shelf
from kbportal.web.locale import alternates
from kbportal.web.portal import portal
from kbportal.web.visitor import record

REASONS = ("outdated", "unclear", "missing", "not_mine", "other")


def ask(lang: str, slug: str) -> Response:
    """The question; `answer` preselects yes or no."""
    answer = "no" if request.args.get("answer") == "no" else "yes"
    return _page(_find(lang, slug), answer=answer)


def ask_again(lang: str, slug: str, *, status: int, problem: str) -> Response:
    """The question with what was ticked and written, after a sending that could not be taken."""
    given = request.form
    return _page(
        _find(lang, slug), answer=given.get("answer", "no"), reason=given.get("reason", ""),
        comment=given.get("comment", "")[:LONGEST], problem=problem, status=status,
    )  # fmt: skip


def note(lang: str, slug: str) -> AnyResponse:
    """Keep the vote, and the comment if there is one, then say thanks."""
    found = _find(lang, slug)
    answer, reason = request.form.get("answer", ""), request.form.get("reason", "")
    if answer not in {"yes", "no"} or reason not in {"", *REASONS}:
        abort(422)
    comment = comment_on(
        found.article.id, request.form.get("comment", ""),
        lang=lang, answer=answer, reason=reason, now=portal().clock(),
    )  # fmt: skip
    if comment:
        portal().comments.add(comment)
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
    return _page(_find(lang, slug), thanked=True)


def _find(lang: str, slug: str) -> ShelvedArticle:
    found = shelf().article(lang, slug)
    if found is None:
        abort(404)
    return found


def _page(
    found: ShelvedArticle,
    *,
    answer: str = "",
    reason: str = "",
    comment: str = "",
    problem: str = "",
    thanked: bool = False,
    status: int = 200,
) -> Response:
    slug = found.article.slug
    html = render_template(
        "help/vote.html",
        title=found.article.title,
        slug=slug,
        back=article_url(found.article.lang, slug),
        answer=answer,
        reason=reason,
        comment=comment,
        problem=problem,
        thanked=thanked,
        page_alternates=alternates(
            {lang: article_url(lang, slug) for lang in portal().settings.languages}
        ),
    )
    return make_response(html, status)
