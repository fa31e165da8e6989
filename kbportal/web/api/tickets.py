"""Filing a ticket from a program, the widget or another site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, make_response, request, url_for
from flask_babel import gettext as _

from kbportal.events.catalog import Surface
from kbportal.events.privacy import ua_class
from kbportal.kernel.ids import new_id
from kbportal.tickets.questions import PREFIX, answers, check_answers
from kbportal.tickets.submission import Submission, check, submit, tidy
from kbportal.web.api.body import json_object
from kbportal.web.api.origins import is_listed_site
from kbportal.web.api.parameters import speak
from kbportal.web.api.refusals import Refused
from kbportal.web.api.rows import Filed, NotFiled, Problem
from kbportal.web.forms import forms
from kbportal.web.locale import preferred_language
from kbportal.web.portal import portal
from kbportal.web.ticket_texts import field_texts
from kbportal.web.visitor import arms, identify

MAX_BYTES = 200_000
KEY_HEADER = "Idempotency-Key"
REPEATED_HEADER = "Idempotency-Replayed"
FIELDS = ("subject", "description", "name", "email", "category", "lang", "draft_id")
ANSWERS = "answers"
"""To the form's further questions: name of the question → text."""
NEEDED = ("subject", "description", "email")


def file_ticket() -> Response:
    """201 with the ticket's number and page, 422 with what each wrong field needs.

    However often an attempt is sent under one name, there is one ticket and one answer.
    """
    sent = json_object(limit_bytes=MAX_BYTES)
    lang = sent.get("lang")
    known_lang = isinstance(lang, str) and lang in portal().settings.languages
    speak(str(lang) if known_lang else preferred_language())
    errors = _wrong_shapes(sent)
    if lang is not None and not known_lang:
        errors.setdefault("lang", "invalid")
    if errors:
        return _not_filed(errors)
    form = _submission(sent)
    if errors := check(form) | _wrong_answers(sent):
        return _not_filed(errors)
    return _file(form)


def _wrong_shapes(sent: Mapping[str, Any]) -> dict[str, str]:
    """Fields that a ticket does not have, or that are no text."""
    errors = {str(name)[:64]: "unknown" for name in sent if name not in (*FIELDS, ANSWERS)}
    for name in FIELDS:
        if not isinstance(sent.get(name, ""), str | None):
            errors[name] = "not_text"
    given = sent.get(ANSWERS) or {}
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        errors[ANSWERS] = "not_texts"
    return errors


def _wrong_answers(sent: Mapping[str, Any]) -> dict[str, str]:
    """Answers to questions that are not asked, or that are none. None has to be given here."""
    given: dict[str, str] = sent.get(ANSWERS) or {}
    asked = {one.id: one for one in forms().questions}
    errors = {f"{ANSWERS}.{name[:64]}": "unknown" for name in given if name not in asked}
    known = [asked[name] for name in given if name in asked]
    for field, code in check_answers(known, given).items():
        if code != "required":
            errors[f"{ANSWERS}.{field.removeprefix(PREFIX)}"] = code
    return errors


def _submission(sent: Mapping[str, Any]) -> Submission:
    visitor, lang = identify(), sent.get("lang") or preferred_language()
    widget = is_listed_site()
    fields: dict[str, Any] = {
        name: sent.get(name) or "" for name in FIELDS if name not in {"lang", "draft_id"}
    }
    return Submission(
        **fields,
        lang=lang,
        draft_id=request.headers.get(KEY_HEADER) or sent.get("draft_id"),
        channel="widget" if widget else "api",
        surface=Surface.WIDGET if widget else Surface.FORM,
        visitor=visitor.id,
        session=visitor.session,
        arm=arms(),
        ua_class=ua_class(request.headers.get("User-Agent", "")),
        answers=answers(forms().questions, sent.get(ANSWERS) or {}, lang=lang),
    )


def _file(form: Submission) -> Response:
    filed = submit(
        tidy(form),
        portal().tickets,
        now=portal().clock(),
        secret=portal().settings.secret_key().encode(),
        ticket_id=new_id(),
        event_id=new_id(),
    )
    if filed.token is None:
        message = _("Another text was sent under this key before. Use a new key for a new ticket.")
        raise Refused(409, "idempotency_key_reused", message)
    url = url_for("help.ticket", lang=filed.ticket.lang, token=filed.token)
    response = make_response(jsonify(Filed(filed.ticket.number, url)), 201)
    response.location = url
    response.cache_control.no_store = True
    if not filed.is_new:
        response.headers[REPEATED_HEADER] = "true"
    return response


def _not_filed(errors: Mapping[str, str]) -> Response:
    problem = Problem("submission_refused", _("Some fields need another look."))
    return make_response(jsonify(NotFiled(field_texts(errors), problem)), 422)
