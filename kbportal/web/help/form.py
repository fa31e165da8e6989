"""The ticket form as it was typed: read whole, never lost, checked for the marks of robots."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import abort, current_app, request
from itsdangerous import BadData, TimestampSigner

from kbportal.events.catalog import Surface
from kbportal.events.privacy import ua_class
from kbportal.kernel.ids import new_token
from kbportal.tickets.model import Answer
from kbportal.tickets.questions import PREFIX, answers, asked
from kbportal.tickets.submission import Submission
from kbportal.tickets.suspicion import QUICKEST, marks_of_age
from kbportal.web.forms import forms
from kbportal.web.framed import is_framed
from kbportal.web.help.written_from import FIELDS as PAGE_FIELDS
from kbportal.web.help.written_from import page_answers
from kbportal.web.portal import portal
from kbportal.web.visitor import arms, identify

TYPED = ("subject", "description", "name", "email", "category")
MAX_KEPT = 50_000
"""Characters of a field that are given back; what is too long for a ticket is not cut here."""

_KNOWN = frozenset(
    {*TYPED, "draft", "version", "writer", "opened", "enhanced", "step", "solved", "asked",
     "remove", "website", "csrf_token", *PAGE_FIELDS}
)  # fmt: skip
_ANSWER = re.compile(rf"{PREFIX}[a-z][a-z0-9-]{{0,39}}")


@dataclass(frozen=True, slots=True)
class ContactForm:
    """One state of the form.

    draft: names this attempt, so that it is filed once. version, writer: of the draft as this
    page knows it. opened: signed time of the first view. enhanced: suggestions were shown while
    typing. step: "send" once they were declined on a page. solved: id of an article said to have
    answered it. answers: question → text; asked: ids of the questions that were on the page.
    """

    subject: str = ""
    description: str = ""
    name: str = ""
    email: str = ""
    category: str = ""
    draft: str = ""
    version: int = 0
    writer: str = ""
    opened: str = ""
    enhanced: bool = False
    step: str = ""
    solved: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """What suggestions are computed from, with the words of the topic."""
        return f"{self.subject} {self.description[:200]}".strip()


def blank_form(*, subject: str = "", category: str = "") -> ContactForm:
    """A form nobody has typed in yet."""
    return ContactForm(subject=subject, category=category, draft=new_token(), opened=stamp())


def typed_form() -> ContactForm:
    """The form of the current request. Fields that it does not have are refused with 400."""
    unknown = set(request.form) - _KNOWN
    if not all(_ANSWER.fullmatch(name) for name in unknown):
        abort(400)
    values = {name: request.form.get(name, "")[:MAX_KEPT] for name in TYPED}
    return ContactForm(
        **values,
        draft=request.form.get("draft", "")[:64] or new_token(),
        version=request.form.get("version", 0, type=int),
        writer=request.form.get("writer", "")[:64],
        opened=request.form.get("opened", "")[:200],
        enhanced=request.form.get("enhanced") == "1",
        step=request.form.get("step", ""),
        solved=request.form.get("solved", "")[:300],
        answers={one.removeprefix(PREFIX): request.form.get(one, "")[:MAX_KEPT] for one in unknown},
        asked=frozenset(request.form.getlist("asked")),
    )


def submission(form: ContactForm, *, lang: str, marks: tuple[str, ...] = ()) -> Submission:
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
        arm=arms(),
        ua_class=ua_class(request.headers.get("User-Agent", "")),
        answers=(*answered(form, lang=lang), *page_answers()),
        marks=marks,
    )


def answered(form: ContactForm, *, lang: str) -> tuple[Answer, ...]:
    """The answers to the questions of the form's topic."""
    return answers(asked(forms(), form.category), form.answers, lang=lang)


def suspicions(form: ContactForm, *, now: datetime) -> tuple[str, ...]:
    """Marks of a robot: they set a ticket aside for people to look at and never stop one."""
    found = ("trap",) if request.form.get("website") else ()
    at = _opened_at(form.opened)
    return (*found, "unsigned") if at is None else (*found, *marks_of_age(now - at))


def stamp(*, at: datetime | None = None) -> str:
    """The signed time at which a form was opened; now by default."""
    return _signer(at or portal().clock()).sign("form").decode()


def renewed(opened: str) -> str:
    """The stamp of a form that is given back: an old one is renewed, for it is sent at once."""
    now, at = portal().clock(), _opened_at(opened)
    is_usual = at is not None and not marks_of_age(now - at)
    return opened if is_usual else stamp(at=now - QUICKEST)


def _opened_at(opened: str) -> datetime | None:
    try:
        return _signer().unsign(opened, max_age=None, return_timestamp=True)[1]
    except BadData:
        return None


class _Signer(TimestampSigner):
    """Signs the portal's time instead of the machine's."""

    at: datetime | None = None

    def get_timestamp(self) -> int:
        return int((self.at or portal().clock()).timestamp())


def _signer(at: datetime | None = None) -> _Signer:
    signer = _Signer(str(current_app.secret_key), salt="contact-form")
    signer.at = at
    return signer
