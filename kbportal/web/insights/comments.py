"""What readers wrote about articles, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from kbportal.articles.shelf import ArticleCard
from kbportal.feedback.model import Comment
from kbportal.kernel.errors import PortalError
from kbportal.web.insights.period import Wanted
from kbportal.web.locale import language_name
from kbportal.web.portal import portal

SHOWN = 25


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment; `url` is empty where customers have no page of the article."""

    text: str
    title: str
    url: str
    lang: str
    verdict: str
    at: datetime


def comment_lines(chosen: Wanted) -> list[CommentLine]:
    """The newest comments of the period, in the language that is asked for."""
    period = chosen.period
    found = portal().comments.newest(period.since, period.until, lang=chosen.lang, limit=SHOWN)
    return [_line(one) for one in found]


def _line(one: Comment) -> CommentLine:
    card = _card(one.article)
    is_public = card is not None and card.status == "published" and card.audience == "public"
    return CommentLine(
        text=one.text,
        title=card.title if card else one.article.rpartition("/")[2],
        url=url_for("help.article", lang=card.lang, slug=card.slug) if card and is_public else "",
        lang=language_name(one.lang),
        verdict=_verdict(one),
        at=one.at,
    )


def _card(article_id: str) -> ArticleCard | None:
    try:
        return portal().live.current().shelf.card(article_id, audience="staff")
    except PortalError:
        return None


def _verdict(one: Comment) -> str:
    """The reason that was ticked, else the vote."""
    reasons = {
        "not_mine": _("It is not about my problem"),
        "unclear": _("I do not understand it"),
        "missing": _("Something is missing"),
        "outdated": _("It is wrong or out of date"),
        "other": _("Something else"),
    }
    answer = _("Yes") if one.answer == "yes" else _("No")
    return str(reasons.get(one.reason) or f"{_('Was this helpful?')} {answer}")
