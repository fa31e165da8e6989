"""After sending: the number and the reply time first, then what may help meanwhile."""

from __future__ import annotations

from flask import Response, render_template

from kbportal.mail.model import Kind, State
from kbportal.tickets.model import UNFINISHED, Ticket
from kbportal.web.help.suggested import AnswerRow, suggested_answers
from kbportal.web.help.ticket import opened, private, ticket_row
from kbportal.web.portal import portal


def sent(lang: str, token: str) -> Response:
    """The confirmation."""
    found = opened(token).ticket
    html = render_template(
        "help/sent.html",
        ticket=ticket_row(found, token),
        answers=_answers(found, lang),
        letter=_letter(found),
    )
    return private(html)


def _answers(found: Ticket, lang: str) -> list[AnswerRow]:
    if found.status not in UNFINISHED or not portal().settings.suggestions:
        return []
    text = f"{found.subject} {found.description[:200]}"
    return suggested_answers(text, lang=lang, noted=False)


def _letter(found: Ticket) -> str:
    """What may be said of the letter that confirms it: ``promised``, ``failed``, or nothing.

    Whether one was written at all is not told: it hangs on what we had from this address before,
    and anybody can type a stranger's.
    """
    if not portal().settings.sends_mail:
        return ""
    letters = portal().outbox.of_ticket(found.id)
    states = {one.state for one in letters if one.kind is Kind.RECEIVED}
    return "failed" if State.FAILED in states else "promised"
