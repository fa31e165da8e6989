"""What an agent does to a ticket: answer it, move it, say what solved it."""

from __future__ import annotations

import re

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.ids import new_id, token_digest
from kbportal.people.audit import Action
from kbportal.tickets import desk
from kbportal.tickets.errors import MessageRefused
from kbportal.tickets.model import Status, Ticket
from kbportal.web import staff
from kbportal.web.auditing import new_line
from kbportal.web.desk.articles import article_card
from kbportal.web.desk.ticket import NO_ARTICLE, Draft, find, page
from kbportal.web.marked_links import mark_links
from kbportal.web.portal import portal

_ID = re.compile(r"[0-9a-f]{32}")


def look(number: int) -> AnyResponse:
    """Look for an article; what was typed stays where it is."""
    return page(find(number), _draft())


def answer(number: int) -> AnyResponse:
    """Send the answer."""
    found, draft = find(number), _draft()
    try:
        _send(found, draft)
    except MessageRefused as error:
        return page(found, _draft({"body": _body_problem(error)}), status=422)
    return _back(number)


def resolve(number: int) -> AnyResponse:
    """Say which article solved it, or that none covers it; an answer that was typed goes too."""
    found, draft = find(number), _draft()
    if draft.article != NO_ARTICLE and article_card(draft.article) is None:
        problem = _("Choose the article that solved it, or say that none covers it.")
        return page(found, _draft({"article": problem}), status=422)
    answered = bool(draft.body.strip())
    if answered:
        try:
            found = _send(found, draft)
        except MessageRefused as error:
            return page(found, _draft({"body": _body_problem(error)}), status=422)
    article_id = None if draft.article == NO_ARTICLE else draft.article
    desk.resolve(
        portal().tickets,
        found,
        article_id=article_id,
        now=portal().clock(),
        message_id=_answer_id(found, draft) if answered else None,
    )
    return _back(number)


def revoke(number: int) -> AnyResponse:
    """Make every address of the ticket dead: somebody has one who should not."""
    line = new_line(Action.LINKS_REVOKED, str(number))
    portal().tickets.revoke_links(find(number).id, now=portal().clock(), line=line)
    return redirect(url_for("desk.ticket", number=number, revoked=1), 303)


def move(number: int) -> AnyResponse:
    """Put the ticket into another state."""
    try:
        status = Status(request.form.get("status", ""))
    except ValueError:
        abort(400)
    desk.set_status(portal().tickets, find(number), status=status, now=portal().clock())
    return _back(number)


def release(number: int) -> AnyResponse:
    """Say that it is no spam: from now on it is a ticket like any other."""
    line = new_line(Action.SPAM_RELEASED, str(number))
    portal().tickets.release(find(number).id, now=portal().clock(), line=line)
    return redirect(url_for("desk.ticket", number=number), 303)


def _draft(errors: dict[str, str] | None = None) -> Draft:
    given = request.form.get("message_id", "")
    return Draft(
        body=request.form.get("body", ""),
        article=request.form.get("article", "")[:300],
        query=request.form.get("find", "")[:200],
        message_id=given if _ID.fullmatch(given) else new_id(),
        errors=errors or {},
    )


def _send(found: Ticket, draft: Draft) -> Ticket:
    """Send the answer, unless this very one was sent before."""
    message_id = _answer_id(found, draft)
    if any(one.id == message_id for one in portal().tickets.messages(found.id)):
        return found
    return desk.answer(
        portal().tickets,
        found,
        message_id=message_id,
        author=staff.the_staff().name,
        body=mark_links(draft.body, most=desk.MAX_MESSAGE),
        now=portal().clock(),
    )


def _answer_id(found: Ticket, draft: Draft) -> str:
    """Of the form and what it says: the same words sent twice are one answer, others are not."""
    return token_digest(f"{found.id}\0{draft.message_id}\0{draft.body}")[:32]


def _body_problem(error: MessageRefused) -> str:
    if error.facts.get("problem") == "required":
        return str(_("Please write something first."))
    return str(_("This is too long."))


def _back(number: int) -> AnyResponse:
    return redirect(url_for("desk.ticket", number=number, _anchor="newest"), 303)
