"""What a requester does to a ticket: add to it, end it, open it again, rate it, move it."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.ids import new_id
from kbportal.tickets import desk, links, rating
from kbportal.tickets.errors import MessageRefused
from kbportal.tickets.model import Status, Ticket, Verdict
from kbportal.web.help.library import shelf
from kbportal.web.help.ticket import Typed, opened, ticket_page
from kbportal.web.portal import portal
from kbportal.web.visitor import known_visitor

_KNOWN = frozenset({"csrf_token", "body", "article", "verdict", "comment", "draft"})


def reply(lang: str, token: str) -> AnyResponse:
    """Add a message; whatever state the ticket was in, it is open again."""
    found, body = _theirs(token), request.form.get("body", "")
    try:
        desk.reply(portal().tickets, found, message_id=new_id(), body=body, now=portal().clock())
    except MessageRefused as error:
        typed = Typed(body=body, problems={"body": _too_much_or_nothing(error)})
        return ticket_page(found, token, typed, status=422)
    return redirect(url_for("help.ticket", token=token, _anchor="newest"), 303)


def withdraw(lang: str, token: str) -> AnyResponse:
    """Take the ticket back, with the article that helped, if one did."""
    found = _theirs(token)
    card = shelf().card(request.form["article"]) if request.form.get("article") else None
    desk.withdraw(
        portal().tickets,
        found,
        article_id=card.id if card else None,
        event_id=new_id(),
        now=portal().clock(),
        session=known_visitor().session,
    )
    return _back(token)


def undo(lang: str, token: str) -> AnyResponse:
    """Want an answer after all."""
    desk.undo_withdrawal(portal().tickets, _theirs(token), now=portal().clock())
    return _back(token)


def close(lang: str, token: str) -> AnyResponse:
    """The requester needs nothing more."""
    desk.set_status(portal().tickets, _theirs(token), status=Status.CLOSED, now=portal().clock())
    return _back(token)


def reopen(lang: str, token: str) -> AnyResponse:
    """It was not finished after all."""
    desk.reopen(portal().tickets, _theirs(token), now=portal().clock())
    return _back(token)


def rate(lang: str, token: str) -> AnyResponse:
    """Say whether it helped; may be said anew."""
    found, comment = _theirs(token), request.form.get("comment", "")
    try:
        verdict = Verdict(request.form.get("verdict", ""))
    except ValueError:
        typed = Typed(comment=comment, problems={"verdict": _("Please choose one of these.")})
        return ticket_page(found, token, typed, status=422)
    try:
        rating.rate(portal().tickets, found, verdict=verdict, comment=comment, now=portal().clock())
    except MessageRefused as error:
        typed = Typed(comment=comment, problems={"comment": _too_much_or_nothing(error)})
        return ticket_page(found, token, typed, status=422)
    return redirect(url_for("help.ticket", token=token, _anchor="rating"), 303)


def renew(lang: str, token: str) -> AnyResponse:
    """Give the ticket a new address; those that it had are dead."""
    fresh = links.renew(portal().tickets, _theirs(token), now=portal().clock())
    return redirect(url_for("help.ticket", token=fresh, _anchor="address"), 303)


def _theirs(token: str) -> Ticket:
    """The ticket of an address that is used, not merely opened.

    Who uses an address that only went by mail reads the mail of that mailbox. Programs that look
    through mail open addresses, too, which is why opening one proves nothing.
    """
    if set(request.form) - _KNOWN:
        abort(400)
    found = opened(token)
    if found.by_mail:
        portal().outbox.prove(found.ticket.email, now=portal().clock())
    return found.ticket


def _too_much_or_nothing(error: MessageRefused) -> str:
    required = error.facts.get("problem") == "required"
    return str(_("Please write something first.") if required else _("This is too long."))


def _back(token: str) -> AnyResponse:
    return redirect(url_for("help.ticket", token=token), 303)
