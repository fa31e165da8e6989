"""Every address of the customers' room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from kbportal.tickets.errors import LinkEnded
from kbportal.web import announcing
from kbportal.web.errors import error_page, or_its_own_failure
from kbportal.web.framed import ROOM, form_token, refuse_forged
from kbportal.web.help import (
    acts,
    again,
    article,
    beacon,
    category,
    contact,
    drafts,
    faq,
    feed,
    files,
    home,
    picture,
    privacy,
    search,
    sent,
    style,
    ticket,
    vote,
)
from kbportal.web.help.written_from import written_from
from kbportal.web.security import FILING, TICKETS_FILED, csrf, limiter

blueprint = Blueprint("help", __name__)
frame = Blueprint(ROOM, __name__)
"""The same pages once more, for the widget's frame."""

FORMS_POSTED = "60 per 10 minutes"
SEARCHES = "60 per minute"
VOTES = "20 per minute"
DRAFTS_SAVED = "120 per minute"
LINKS_ASKED = "5 per 10 minutes"


def _get(rule: str, name: str, page: Callable[..., Any]) -> None:
    _add(rule, name, page, "GET")


def _post(rule: str, name: str, page: Callable[..., Any], *, limit: str = FORMS_POSTED) -> None:
    _add(rule, name, _limited(name, page, limit), "POST")


def _limited(name: str, page: Callable[..., Any], limit: str) -> Callable[..., Any]:
    """A page and its twin have one allowance between them."""
    return limiter.shared_limit(limit, scope=f"help.{name}")(page)


def _add(rule: str, name: str, page: Callable[..., Any], method: str) -> None:
    blueprint.add_url_rule(rule, name, page, methods=[method])
    in_language = "/<lang:lang>/"
    if rule.startswith(in_language):
        twin = rule.replace(in_language, f"{in_language}{ROOM}/", 1)
        frame.add_url_rule(twin, name, page, methods=[method])


_get("/", "welcome", home.welcome)
_get("/style/", "style", style.page)
_get("/style/parts.css", "style_sheet", style.sheet)
_get("/<lang:lang>/", "home", home.home)
_get("/<lang:lang>/search", "search", _limited("search", search.search, SEARCHES))
_get("/<lang:lang>/categories/<slug>", "category", category.category)
# No news reader looks into a frame.
blueprint.add_url_rule("/<lang:lang>/feed.xml", "feed", feed.feed)
blueprint.add_url_rule(
    "/<lang:lang>/categories/<slug>/feed.xml", "category_feed", feed.category_feed
)
_get("/media/<name>", "picture", picture.picture)
_get("/<lang:lang>/articles/<slug>", "article", article.article)
_get("/<lang:lang>/articles/<slug>/seen.gif", "seen", beacon.seen)
_get("/<lang:lang>/articles/<slug>/vote", "vote", vote.ask)
_post("/<lang:lang>/articles/<slug>/vote", "vote_post", vote.note, limit=VOTES)
_get("/<lang:lang>/articles/<slug>/thanks", "voted", vote.thanks)
_get("/<lang:lang>/faq", "faq", faq.faq)
_get("/<lang:lang>/privacy", "privacy", privacy.page)
# In a frame no cookie is set, so nothing can be chosen there.
blueprint.add_url_rule(
    "/<lang:lang>/privacy",
    "privacy_post",
    csrf.exempt(_limited("privacy_post", privacy.choose, FORMS_POSTED)),
    methods=["POST"],
)
_get("/<lang:lang>/contact", "contact", contact.blank)
_post("/<lang:lang>/contact/draft", "draft", drafts.save, limit=DRAFTS_SAVED)
_post("/<lang:lang>/contact/draft/delete", "draft_delete", drafts.delete)
_post("/<lang:lang>/contact/files", "contact_files", contact.files)
_get("/<lang:lang>/tickets/<token>/files/<file_id>", "file", files.file)
_get("/<lang:lang>/tickets", "again", again.ask)
_get("/<lang:lang>/tickets/asked", "asked", again.asked)
_get("/<lang:lang>/tickets/<token>", "ticket", ticket.ticket)
_post("/<lang:lang>/announcement", "close_announcement", csrf.exempt(announcing.close))
_get("/<lang:lang>/tickets/<token>/sent", "sent", sent.sent)
_post("/<lang:lang>/tickets", "again_post", again.send, limit=LINKS_ASKED)
_post("/<lang:lang>/tickets/<token>/reply", "reply", acts.reply)
_post("/<lang:lang>/tickets/<token>/withdraw", "withdraw", acts.withdraw)
_post("/<lang:lang>/tickets/<token>/undo", "undo", acts.undo)
_post("/<lang:lang>/tickets/<token>/close", "close", acts.close)
_post("/<lang:lang>/tickets/<token>/reopen", "reopen", acts.reopen)
_post("/<lang:lang>/tickets/<token>/rate", "rate", acts.rate)
_post("/<lang:lang>/tickets/<token>/renew", "renew", acts.renew)


def _was_filed(response: Response) -> bool:
    return response.status_code == 303


_post(
    "/<lang:lang>/contact",
    "contact_post",
    limiter.shared_limit(TICKETS_FILED, scope=FILING, deduct_when=_was_filed)(contact.send),
)


def _ended(error: LinkEnded) -> AnyResponse:
    """An address that opened a ticket once: the way to a new one."""
    return again.ended()


@or_its_own_failure
def _expired(error: CSRFError) -> AnyResponse:
    """A form that was left open for too long comes back with its text and a fresh token."""
    if request.accept_mimetypes.best == "application/json":
        return drafts.token_expired()
    problem = _("This page was open for a long time. Nothing is lost: please send it again.")
    return _given_back(error, 400, problem) or error_page(400)


@or_its_own_failure
def _too_many(error: TooManyRequests) -> AnyResponse:
    """Too many tickets: the text stays. Too many searches: a page that says when to go on."""
    problem = _("That was a lot in a short time. Your text is kept; please wait a minute.")
    if page := _given_back(error, 429, problem):
        return page
    response = make_response(error_page(429))
    response.headers["Retry-After"] = "60"
    return response


def _given_back(error: Exception, status: int, problem: str) -> AnyResponse | None:
    """The page that was sent, with all that was typed; None for one into which nothing is typed."""
    if _is_for("contact_post", "contact_files"):
        return contact.give_back(error, status=status, problem=problem)
    if _is_for("vote_post"):
        return vote.ask_again(**(request.view_args or {}), status=status, problem=problem)
    if _is_writing():
        return acts.give_back(**(request.view_args or {}), status=status, problem=problem)
    return None


def _is_for(*names: str) -> bool:
    """Whether the request is for this address, on the portal or in a frame."""
    return any(request.endpoint in {f"help.{name}", f"{ROOM}.{name}"} for name in names)


def _is_writing() -> bool:
    return (request.endpoint or "").endswith((".reply", ".rate"))


for room in (blueprint, frame):
    room.register_error_handler(LinkEnded, _ended)
    room.register_error_handler(CSRFError, _expired)
    room.register_error_handler(TooManyRequests, _too_many)

csrf.exempt(frame)
frame.before_request(refuse_forged)
frame.context_processor(lambda: {"csrf_token": form_token, "page": written_from()})
