"""What a requester does to a ticket: add to it, end it, open it again, rate it, move it."""

from __future__ import annotations

from flask import Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.errors import PortalError
from kbportal.kernel.ids import new_id, new_token, token_digest
from kbportal.tickets import desk, links, rating
from kbportal.tickets.draft import draft_digest
from kbportal.tickets.errors import MessageRefused
from kbportal.tickets.model import Status, Ticket, Verdict
from kbportal.tickets.texts import clean_lines
from kbportal.web.attachments import FIELD, take_files
from kbportal.web.errors import STATUS_OF
from kbportal.web.help.library import shelf
from kbportal.web.help.ticket import Typed, opened, ticket_page
from kbportal.web.portal import portal
from kbportal.web.visitor import known_visitor

_KNOWN = frozenset({"csrf_token", "body", "article", "verdict", "comment", "draft"})

MAX_KEPT = 50_000
"""Characters of a field that are given back."""


def reply(lang: str, token: str) -> AnyResponse:
    """Add a message and its files; whatever state the ticket was in, it is open again."""
    found, body = _theirs(token), request.form.get("body", "")
    draft = request.form.get("draft", "")[:200]
    if draft_digest(draft) is None:
        draft = new_token()
    try:
        problems = _reply(found, body, draft)
    except MessageRefused as error:
        problems = {"body": _too_much_or_nothing(error)}
    except PortalError as error:
        if STATUS_OF.get(error.code) != 503:
            raise
        problems = {"body": _("We could not keep this just now. Please send it again.")}
        typed = Typed(body=body, draft=draft, problems=problems)
        return ticket_page(found, token, typed, status=503)
    if problems:
        typed = Typed(body=body, draft=draft, problems=problems)
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


def give_back(lang: str, token: str, *, status: int, problem: str) -> Response:
    """The page with what was typed, when it was not read for a reason that lies elsewhere.

    Nobody but the requester knows its address, which is why files may be taken without a token.
    """
    draft = request.form.get("draft", "")[:200]
    problems = {"form": problem}
    if status == 400 and (digest := draft_digest(draft)):
        take_files(digest)
    typed = Typed(
        body=request.form.get("body", "")[:MAX_KEPT],
        comment=request.form.get("comment", "")[:MAX_KEPT],
        draft=draft,
        problems=problems,
    )
    response = ticket_page(opened(token).ticket, token, typed, status=status)
    if status == 429:
        response.headers["Retry-After"] = "60"
    return response


def _reply(found: Ticket, body: str, draft: str) -> dict[str, str]:
    """Keep a reply once; what is wrong with its files, by field.

    A draft may be sent again with another text: only the same words are the same reply.
    """
    digest = draft_digest(draft) or ""
    message_id = token_digest(f"{found.id}\0{digest}\0{clean_lines(body)}")[:32]
    if refused := take_files(digest):
        return {FIELD: " ".join(refused)}
    desk.reply(
        portal().tickets, found,
        message_id=message_id, body=body, now=portal().clock(), draft=digest,
    )  # fmt: skip
    return {}


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
