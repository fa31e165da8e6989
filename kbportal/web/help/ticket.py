"""A ticket as its requester sees it: whoever has the secret address, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.ids import new_id, token_digest
from kbportal.markup.plain import plain_to_html
from kbportal.tickets import desk
from kbportal.tickets.errors import MessageRefused
from kbportal.tickets.model import UNFINISHED, Author, Status, Ticket
from kbportal.web.help.library import shelf
from kbportal.web.help.rows import Link
from kbportal.web.help.suggested import AnswerRow, suggested_answers
from kbportal.web.locale import Alternate, alternates
from kbportal.web.portal import portal
from kbportal.web.prose import message_html
from kbportal.web.visitor import known_visitor

MAX_TOKEN = 200


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One thing said; `is_ours` when an agent said it."""

    author: str
    is_ours: bool
    html: Markup
    at: datetime


@dataclass(frozen=True, slots=True)
class TicketRow:
    """What the requester sees of a ticket."""

    token: str
    number: int
    subject: str
    email: str
    status: Status
    status_word: str
    messages: list[MessageRow]
    is_unfinished: bool
    answered_by: Link | None


def sent(lang: str, token: str) -> Response:
    """The confirmation: number and reply time first, then what may help meanwhile."""
    found = _find(token)
    answers: list[AnswerRow] = []
    if found.status in UNFINISHED and portal().settings.suggestions:
        text = f"{found.subject} {found.description[:200]}"
        answers = suggested_answers(text, lang=lang, noted=False)
    return _private(render_template("help/sent.html", ticket=_row(found, token), answers=answers))


def ticket(lang: str, token: str) -> Response:
    """The conversation."""
    return _private(
        render_template("help/ticket.html", ticket=_row(_find(token), token), body="", problem="")
    )


def reply(lang: str, token: str) -> AnyResponse:
    """Add a message; whatever state the ticket was in, it is open again."""
    found, body = _find(token), request.form.get("body", "")
    try:
        desk.reply(portal().tickets, found, message_id=new_id(), body=body, now=portal().clock())
    except MessageRefused as error:
        required = error.facts.get("problem") == "required"
        problem = _("Please write something first.") if required else _("This is too long.")
        html = render_template(
            "help/ticket.html",
            ticket=_row(found, token),
            body=body,
            problem=problem,
            page_alternates=_alternates(token),
        )
        return _private(html, status=422)
    return redirect(url_for("help.ticket", token=token, _anchor="newest"), 303)


def withdraw(lang: str, token: str) -> AnyResponse:
    """Take the ticket back, with the article that helped, if one did."""
    card = shelf().card(request.form["article"]) if request.form.get("article") else None
    desk.withdraw(
        portal().tickets,
        _find(token),
        article_id=card.id if card else None,
        event_id=new_id(),
        now=portal().clock(),
        session=known_visitor().session,
    )
    return redirect(url_for("help.ticket", token=token), 303)


def undo(lang: str, token: str) -> AnyResponse:
    """Want an answer after all."""
    desk.undo_withdrawal(portal().tickets, _find(token), now=portal().clock())
    return redirect(url_for("help.ticket", token=token), 303)


def close(lang: str, token: str) -> AnyResponse:
    """The requester needs nothing more."""
    desk.set_status(portal().tickets, _find(token), status=Status.CLOSED, now=portal().clock())
    return redirect(url_for("help.ticket", token=token), 303)


def _alternates(token: str) -> tuple[Alternate, ...]:
    offered = portal().settings.languages
    return alternates({lang: url_for("help.ticket", lang=lang, token=token) for lang in offered})


def _find(token: str) -> Ticket:
    found = portal().tickets.by_token_digest(token_digest(token[:MAX_TOKEN]))
    if found is None:
        abort(404)
    return found


def _row(found: Ticket, token: str) -> TicketRow:
    first = MessageRow(
        found.name or found.email, False, message_html(plain_to_html(found.description)),
        found.created,
    )  # fmt: skip
    later = [
        MessageRow(
            one.author_name,
            one.author is Author.AGENT,
            message_html(plain_to_html(one.body)),
            one.created,
        )
        for one in portal().tickets.messages(found.id)
    ]
    return TicketRow(
        token=token,
        number=found.number,
        subject=found.subject,
        email=found.email,
        status=found.status,
        status_word=_status_words()[found.status],
        messages=[first, *later],
        is_unfinished=found.status in UNFINISHED,
        answered_by=_answered_by(found),
    )


def _answered_by(found: Ticket) -> Link | None:
    if not found.solved_by_article:
        return None
    card = shelf().card(found.solved_by_article)
    return (
        Link(card.title, url_for("help.article", lang=card.lang, slug=card.slug)) if card else None
    )


def _status_words() -> dict[Status, str]:
    return {
        Status.NEW: _("Received"),
        Status.OPEN: _("We are on it"),
        Status.WAITING: _("Waiting for you"),
        Status.SOLVED: _("Solved"),
        Status.CLOSED: _("Closed"),
        Status.WITHDRAWN: _("Withdrawn"),
    }


def _private(html: str, *, status: int = 200) -> Response:
    response = make_response(html, status)
    response.cache_control.no_store = True
    response.headers["X-Robots-Tag"] = "noindex"
    return response
