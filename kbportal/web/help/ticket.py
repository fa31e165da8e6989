"""A ticket as its requester sees it: whoever has the secret address, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _

from kbportal.kernel.ids import new_token
from kbportal.tickets.draft import draft_digest
from kbportal.tickets.links import Opened, open_link
from kbportal.tickets.model import UNFINISHED, Answer, Attachment, Message, Rating, Status, Ticket
from kbportal.tickets.rating import may_rate
from kbportal.web.attachments import ACCEPT, file_rows
from kbportal.web.conversation import MessageRow, answered, conversation
from kbportal.web.help.library import shelf
from kbportal.web.help.rows import Link
from kbportal.web.locale import Alternate, alternates
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class TicketRow:
    """What the requester sees of a ticket.

    answers: to the further questions of the form. rating: what they said of the help; may_rate:
    whether they are asked.
    """

    token: str
    number: int
    subject: str
    email: str
    status: Status
    status_word: str
    answers: tuple[Answer, ...]
    messages: list[MessageRow]
    is_unfinished: bool
    answered_by: Link | None
    may_rate: bool
    rating: Rating | None


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed on the page and cannot be taken as it is; problems by field.

    draft: names this reply, so that it is kept once, and its files that wait.
    """

    body: str = ""
    comment: str = ""
    draft: str = ""
    problems: dict[str, str] | None = None


def ticket(lang: str, token: str) -> Response:
    """The conversation."""
    return ticket_page(opened(token).ticket, token)


def ticket_page(
    found: Ticket, token: str, typed: Typed | None = None, *, status: int = 200
) -> Response:
    """The page of a ticket with what was typed on it."""
    typed = typed or Typed()
    draft = typed.draft or new_token()
    html = render_template(
        "help/ticket.html",
        ticket=ticket_row(found, token),
        typed=typed,
        draft=draft,
        waiting=file_rows(portal().attachments.of_draft(draft_digest(draft) or "")),
        accept=ACCEPT,
        problems=typed.problems or {},
        page_alternates=_alternates(token),
    )
    return private(html, status=status)


def opened(token: str) -> Opened:
    """What an address opens. Raises TicketMissing, LinkEnded."""
    lifetime = timedelta(days=portal().settings.link_lifetime_d)
    return open_link(portal().tickets, token, now=portal().clock(), lifetime=lifetime)


def ticket_row(found: Ticket, token: str) -> TicketRow:
    """A ticket as templates show it."""
    said = portal().tickets.messages(found.id)
    return TicketRow(
        token=token,
        number=found.number,
        subject=found.subject,
        email=found.email,
        status=found.status,
        status_word=_status_words()[found.status],
        answers=answered(found),
        messages=_messages(found, said, token),
        is_unfinished=found.status in UNFINISHED,
        answered_by=_answered_by(found),
        may_rate=may_rate(found, said),
        rating=portal().tickets.rating(found.id),
    )


def private(html: str, *, status: int = 200) -> Response:
    """A page that is kept and indexed by nobody."""
    response = make_response(html, status)
    response.cache_control.no_store = True
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _alternates(token: str) -> tuple[Alternate, ...]:
    offered = portal().settings.languages
    return alternates({lang: url_for("help.ticket", lang=lang, token=token) for lang in offered})


def _messages(found: Ticket, said: tuple[Message, ...], token: str) -> list[MessageRow]:
    def url(one: Attachment) -> str:
        return url_for("help.file", token=token, file_id=one.id)

    return conversation(found, said, url=url)


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
