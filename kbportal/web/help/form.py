"""The ticket form as it was typed: read whole, never lost, checked for the marks of robots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, current_app, request
from itsdangerous import BadData, TimestampSigner

from kbportal.events.catalog import Surface
from kbportal.events.privacy import ua_class
from kbportal.kernel.ids import new_id
from kbportal.tickets.submission import Submission
from kbportal.web.framed import is_framed
from kbportal.web.help.written_from import FIELDS as PAGE_FIELDS
from kbportal.web.help.written_from import page_answers
from kbportal.web.portal import portal
from kbportal.web.visitor import identify

QUICKEST_S = 3
LONGEST_S = 24 * 3600
TYPED = ("subject", "description", "name", "email", "category")
MAX_KEPT = 50_000
"""Characters of a field that are given back; what is too long for a ticket is not cut here."""

_KNOWN = frozenset(
    {*TYPED, "draft", "opened", "enhanced", "step", "solved", "website", "csrf_token", *PAGE_FIELDS}
)


@dataclass(frozen=True, slots=True)
class ContactForm:
    """One state of the form.

    draft: names this attempt, so that it is filed once. opened: signed time of the first view.
    enhanced: suggestions were shown while typing. step: "send" once they were declined on a page.
    solved: id of an article said to have answered it.
    """

    subject: str = ""
    description: str = ""
    name: str = ""
    email: str = ""
    category: str = ""
    draft: str = ""
    opened: str = ""
    enhanced: bool = False
    step: str = ""
    solved: str = ""

    @property
    def text(self) -> str:
        """What suggestions are computed from."""
        return f"{self.subject} {self.description[:200]}".strip()


def blank_form(*, subject: str = "", category: str = "") -> ContactForm:
    """A form nobody has typed in yet."""
    return ContactForm(subject=subject, category=category, draft=new_id(), opened=_stamp())


def typed_form() -> ContactForm:
    """The form of the current request. Fields that it does not have are refused with 400."""
    if set(request.form) - _KNOWN:
        abort(400)
    values = {name: request.form.get(name, "")[:MAX_KEPT] for name in TYPED}
    return ContactForm(
        **values,
        draft=request.form.get("draft", "")[:64] or new_id(),
        opened=request.form.get("opened", "")[:200] or _stamp(),
        enhanced=request.form.get("enhanced") == "1",
        step=request.form.get("step", ""),
        solved=request.form.get("solved", "")[:300],
    )


def submission(form: ContactForm, *, lang: str) -> Submission:
    """The form as the tickets brick takes it."""
    visitor, in_widget = identify(), is_framed()
    return Submission(
        subject=form.subject,
        description=form.description,
        email=form.email,
        lang=lang,
        name=form.name,
        category=form.category,
        draft_id=form.draft,
        channel="widget" if in_widget else "form",
        surface=Surface.WIDGET if in_widget else Surface.FORM,
        visitor=visitor.id,
        session=visitor.session,
        ua_class=ua_class(request.headers.get("User-Agent", "")),
        answers=page_answers(),
    )


def suspicions(form: ContactForm, *, now: datetime) -> tuple[str, ...]:
    """Marks of a robot: they flag a ticket for people to look at and never stop one."""
    found = ["trap"] if request.form.get("website") else []
    try:
        at = _signer().unsign(form.opened, max_age=None, return_timestamp=True)[1]
    except BadData:
        return (*found, "unsigned")
    age_s = (now - at).total_seconds()
    if age_s < QUICKEST_S:
        found.append("quick")
    if age_s > LONGEST_S:
        found.append("old")
    return tuple(found)


def _signer() -> TimestampSigner:
    return TimestampSigner(str(current_app.secret_key), salt="contact-form")


def _stamp() -> str:
    return _signer().sign("form").decode()


def is_offered() -> bool:
    """Whether the operator wants articles suggested in this form."""
    return portal().settings.suggestions
