"""The ticket form. Whatever goes wrong, it comes back with everything that was typed."""

from __future__ import annotations

import logging

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.events.catalog import EventType, Surface
from kbportal.kernel.errors import PortalError
from kbportal.kernel.ids import new_id
from kbportal.kernel.text import normalise
from kbportal.tickets.submission import check, submit, tidy
from kbportal.web.errors import STATUS_OF
from kbportal.web.help.form import (
    ContactForm,
    blank_form,
    is_offered,
    submission,
    suspicions,
    typed_form,
)
from kbportal.web.help.library import category_choices
from kbportal.web.help.solved import solved_page
from kbportal.web.help.suggested import suggested_answers
from kbportal.web.locale import current_language
from kbportal.web.portal import portal
from kbportal.web.ticket_texts import field_texts
from kbportal.web.visitor import record

_log = logging.getLogger(__name__)


def blank(lang: str) -> Response:
    """An empty form; `q` fills the subject, `category` the choice."""
    subject = normalise(request.args.get("q", ""))[:200]
    return form_page(blank_form(subject=subject, category=request.args.get("category", "")))


def send(lang: str) -> AnyResponse:
    """File the form, or give it back with what is wrong or with answers to look at first."""
    form = typed_form()
    if form.solved:
        return solved_page(form)
    sent = submission(form, lang=lang)
    if errors := check(sent):
        return form_page(form, errors=errors, status=422)
    if is_offered() and not form.enhanced and form.step != "send":
        record(EventType.FORM_STARTED, Surface.FORM)
        if answers := suggested_answers(form.text, lang=lang):
            return make_response(
                render_template("help/contact_suggest.html", form=form, answers=answers)
            )
    return _file(form, lang)


def form_page(
    form: ContactForm, *, errors: dict[str, str] | None = None, problem: str = "", status: int = 200
) -> Response:
    """The form with what was typed; `problem` says what kept it from being sent."""
    html = render_template(
        "help/contact.html",
        form=form,
        errors=field_texts(errors or {}),
        problem=problem,
        categories=category_choices(current_language()),
        suggestions=is_offered(),
    )
    return make_response(html, status)


def give_back(error: Exception, *, status: int, problem: str) -> Response:
    """The form as it was typed, after a failure that had nothing to do with its content."""
    _log.info("ticket form given back: %s", error)
    response = form_page(typed_form(), problem=problem, status=status)
    if status in {429, 503}:
        response.headers["Retry-After"] = "60"
    return response


def _file(form: ContactForm, lang: str) -> AnyResponse:
    now = portal().clock()
    if marks := suspicions(form, now=now):
        _log.warning("suspicious ticket form: %s", ", ".join(marks))
    try:
        filed = submit(
            tidy(submission(form, lang=lang)),
            portal().tickets,
            now=now,
            secret=portal().settings.secret_key().encode(),
            ticket_id=new_id(),
            event_id=new_id(),
        )
    except PortalError as error:
        if STATUS_OF.get(error.code) != 503:
            raise
        return give_back(error, status=503, problem=not_kept())
    if filed.token is None:
        return _already_sent(form, filed.ticket.number)
    return redirect(url_for("help.sent", token=filed.token), 303)


def _already_sent(form: ContactForm, number: int) -> Response:
    """The same form was sent before with another text: offer to send this one as well."""
    problem = _(
        "This form was sent before, as request %(number)s. Send it again to make a second one.",
        number=number,
    )
    again = ContactForm(
        **{name: getattr(form, name) for name in ("subject", "description", "name", "email")},
        category=form.category,
        draft=new_id(),
        opened=form.opened,
    )
    return form_page(again, problem=problem, status=409)


def not_kept() -> str:
    """What to say when the ticket could not be stored."""
    return str(
        _("We could not save your request just now. Your text is still here: please try again.")
    )
