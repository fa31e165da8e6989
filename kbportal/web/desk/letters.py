"""Letters that somebody has to look at: those that could not be sent, or perhaps were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.mail.model import TROUBLED, Kind, Letter, State
from kbportal.tickets.model import Ticket
from kbportal.web.desk.words import letter_kind_word
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """One letter; `number` of its ticket is None where it is about several. `to` is an address."""

    id: str
    number: int | None
    what: str
    to: str
    is_unsure: bool
    error: str
    tries: int
    written: datetime


@dataclass(frozen=True, slots=True)
class LettersPage:
    """The page. waiting: how many letters wait since when."""

    rows: list[TroubleRow]
    waiting: int
    oldest: datetime | None
    sends: bool


@dataclass(frozen=True, slots=True)
class LetterRow:
    """The latest letter about a ticket: a word for its state, and what to know about it."""

    state: State
    word: str
    what: str
    at: datetime
    error: str


def letters() -> Response:
    """The list, newest trouble first."""
    outbox = portal().outbox
    page = LettersPage(
        rows=[_row(letter, number) for letter, number in outbox.troubled()],
        waiting=outbox.counts()[State.WAITING],
        oldest=outbox.oldest_waiting(),
        sends=portal().settings.sends_mail,
    )
    return make_response(render_template("desk/letters.html", page=page))


def again(letter: str) -> AnyResponse:
    """Send it once more."""
    return _decided(portal().outbox.again(letter, now=portal().clock()))


def drop(letter: str) -> AnyResponse:
    """Let it be."""
    return _decided(portal().outbox.drop(letter, now=portal().clock()))


def troubled() -> int:
    """How many letters wait for somebody's decision."""
    counts = portal().outbox.counts()
    return sum(counts[state] for state in TROUBLED)


def last_letter(ticket: Ticket) -> LetterRow | None:
    """How the latest letter about a ticket fared; None where there was none."""
    found = portal().outbox.of_ticket(ticket.id)
    if not found:
        return None
    last = found[-1]
    return LetterRow(
        state=last.state,
        word=_state_word(last),
        what=letter_kind_word(last.kind),
        at=last.sent or last.created,
        error=last.error if last.state in {*TROUBLED, State.WAITING} else "",
    )


def _row(letter: Letter, number: int | None) -> TroubleRow:
    return TroubleRow(
        id=letter.id,
        number=number if letter.kind is not Kind.LINKS else None,
        what=letter_kind_word(letter.kind),
        to=letter.to,
        is_unsure=letter.state is State.UNSURE,
        error=letter.error,
        tries=letter.tries,
        written=letter.created,
    )


def _state_word(letter: Letter) -> str:
    if letter.state is State.SENT and letter.via == "console":
        return str(_("In a file; no mail server is set"))
    words = {
        State.SENT: _("Sent"),
        State.FAILED: _("Could not be sent"),
        State.UNSURE: _("Perhaps sent"),
        State.VOID: _("Not sent"),
    }
    return str(words.get(letter.state, _("On its way")))


def _decided(done: bool) -> AnyResponse:
    if not done:
        # Somebody else decided meanwhile, or the letter is gone.
        abort(409)
    return redirect(url_for("desk.letters"), 303)
