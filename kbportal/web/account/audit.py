"""What the staff did, for administrators to look up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from kbportal.deflection.trials.holdout import read_holdout
from kbportal.people.audit import Action, AuditLine
from kbportal.people.model import Role
from kbportal.web.account.words import role_row
from kbportal.web.portal import portal

_ID = re.compile(r"[0-9a-f]{32}")
_ABOUT_TICKETS = frozenset({Action.SPAM_RELEASED, Action.LINKS_REVOKED})
_ABOUT_PEOPLE = frozenset(
    {
        Action.PERSON_JOINED,
        Action.ROLE_CHANGED,
        Action.ACCOUNT_SHUT,
        Action.ACCOUNT_OPENED,
        Action.ACCOUNT_MADE,
        Action.PASSWORD_SET,
        Action.SECOND_FACTOR_ON,
        Action.SECOND_FACTOR_OFF,
        Action.SECOND_FACTOR_TAKEN,
        Action.RECOVERY_CODES_MADE,
        Action.RECOVERY_CODE_USED,
    }
)


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act in words. to: what it was done to; url: its page, or ""."""

    at: datetime
    by: str
    act: str
    to: str
    url: str
    before: str
    after: str


def audit() -> Response:
    """The lines, newest first, page by page."""
    before = request.args.get("before", "")
    found = portal().audit.page(before=before if _ID.fullmatch(before) else None)
    names = {user.id: user.name for user in portal().people.users()}
    older = url_for("account.audit", before=found.older) if found.older else ""
    html = render_template(
        "account/audit.html",
        acts=[_row(line, names) for line in found.lines],
        older=older,
        newest=url_for("account.audit") if before else "",
    )
    return make_response(html)


def _row(line: AuditLine, names: dict[str, str]) -> ActRow:
    is_ticket = line.action in _ABOUT_TICKETS and line.subject.isdecimal()
    to = _somebody(line.subject, names) if line.action in _ABOUT_PEOPLE else line.subject
    return ActRow(
        at=line.at,
        by=_somebody(line.by, names) if line.by else str(_("The command line")),
        act=_act(line.action),
        to=str(_("Ticket %(number)s", number=line.subject)) if is_ticket else to,
        url=url_for("desk.ticket", number=int(line.subject)) if is_ticket else "",
        before=_state(line.before),
        after=_state(line.after),
    )


def _somebody(user_id: str, names: dict[str, str]) -> str:
    return names.get(user_id) or str(_("Somebody who was here before"))


def _act(action: Action) -> str:
    words = {
        Action.HOLDOUT_CHANGED: _("Changed the measuring of suggestions"),
        Action.PERSON_INVITED: _("Invited a colleague"),
        Action.PERSON_JOINED: _("Joined"),
        Action.ROLE_CHANGED: _("Changed a role"),
        Action.ACCOUNT_SHUT: _("Shut an account"),
        Action.ACCOUNT_OPENED: _("Opened an account again"),
        Action.ACCOUNT_MADE: _("Made an account"),
        Action.PASSWORD_SET: _("Set a new password"),
        Action.KEY_MADE: _("Made a key of the API"),
        Action.KEY_REMOVED: _("Took a key of the API away"),
        Action.LETTER_WANTED: _("Asked for the weekly letter"),
        Action.LETTER_STOPPED: _("Stopped the weekly letter"),
        Action.SECOND_FACTOR_ON: _("Switched two-step sign-in on"),
        Action.SECOND_FACTOR_OFF: _("Switched two-step sign-in off"),
        Action.SECOND_FACTOR_TAKEN: _("Took two-step sign-in away"),
        Action.RECOVERY_CODES_MADE: _("Made new recovery codes"),
        Action.RECOVERY_CODE_USED: _("Signed in with a recovery code"),
        Action.SPAM_RELEASED: _("Said that a ticket is no spam"),
        Action.LINKS_REVOKED: _("Made all links to a ticket invalid"),
        Action.PERSON_ERASED: _("Erased what was known of a person"),
        Action.PERSON_EXPORTED: _("Handed out what was known of a person"),
        Action.TEST_WON: _("Made a version the article"),
        Action.TEST_ENDED: _("Ended a test without a change"),
        Action.TEST_UNDONE: _("Undid the end of a test"),
        Action.DRAFT_WRITTEN: _("Wrote a draft"),
        Action.GAP_DISMISSED: _("Put a gap aside"),
        Action.GAP_WRITTEN: _("Said which article closes a gap"),
        Action.GAP_REOPENED: _("Opened a gap again"),
    }
    return str(words[action])


def _state(said: str) -> str:
    """A state in the reader's language, where it is one of those that have a name."""
    if said in set(Role):
        return role_row(Role(said)).title
    if holdout := read_holdout(said):
        return f"{holdout.share} %" if holdout.on else str(_("Off"))
    return said
