"""The ticket form. Whatever goes wrong, it comes back with everything that was typed."""

from __future__ import annotations

import logging
from dataclasses import replace

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.events.catalog import EventType, Surface
from kbportal.kernel.errors import PortalError
from kbportal.kernel.ids import new_id, new_token
from kbportal.kernel.text import normalise
from kbportal.tickets.attachments import detach
from kbportal.tickets.draft import Draft, draft_digest
from kbportal.tickets.submission import check, submit, tidy
from kbportal.web.attachments import ACCEPT, FIELD, keeping, take_files
from kbportal.web.categories import category_titles
from kbportal.web.errors import STATUS_OF
from kbportal.web.forms import is_offered
from kbportal.web.help.drafts import files_of, forget, keep, remember, resumed
from kbportal.web.help.form import (
    ContactForm,
    blank_form,
    renewed,
    submission,
    suspicions,
    typed_form,
)
from kbportal.web.help.library import category_choices
from kbportal.web.help.questions import question_errors, question_rows, unseen_questions
from kbportal.web.help.solved import solved_page
from kbportal.web.help.suggested import suggested_answers
from kbportal.web.locale import current_language
from kbportal.web.portal import portal
from kbportal.web.ticket_texts import field_texts
from kbportal.web.visitor import record

_log = logging.getLogger(__name__)


def blank(lang: str) -> Response:
    """What was begun, or an empty form; `q` fills the subject, `category` the choice."""
    if request.args.keys() & {"q", "category", "new"}:
        subject = normalise(request.args.get("q", ""))[:200]
        form = blank_form(subject=subject, category=request.args.get("category", ""))
        return form_page(form, state="fresh" if "new" in request.args else "blank")
    if found := resumed():
        form, draft = found
        return form_page(form, state="resumed", draft=draft)
    return form_page(blank_form(), state="blank")


def send(lang: str) -> AnyResponse:
    """File the form, or give it back with what is wrong or with answers to look at first."""
    form = _with_id(typed_form())
    if form.solved:
        return remember(solved_page(replace(form, version=keep(form, lang))), form.draft)
    try:
        refused = take_files(draft_digest(form.draft) or "")
    except PortalError as error:
        return _unless_ours(error)
    errors = check(submission(form, lang=lang)) | question_errors(form)
    if refused:
        errors[FIELD] = " ".join(refused)
    if errors:
        return _given_back(form, lang, errors=errors, status=422)
    if unseen := unseen_questions(form):
        problem = _("One more step: please answer the questions about your topic.")
        status = 422 if any(one.required for one in unseen) else 200
        return _given_back(form, lang, problem=problem, status=status)
    if is_offered() and not form.enhanced and form.step != "send":
        record(EventType.FORM_STARTED, Surface.FORM)
        if answers := suggested_answers(_asked_about(form), lang=lang):
            form = replace(form, version=keep(form, lang))
            html = render_template("help/contact_suggest.html", form=form, answers=answers)
            return remember(make_response(html), form.draft)
    return _file(form, lang)


def files(lang: str) -> AnyResponse:
    """Add files to a form, or take one away; a script gets the list, a page the form."""
    form = _with_id(typed_form())
    digest = draft_digest(form.draft) or ""
    try:
        if unwanted := request.form.get("remove"):
            detach(unwanted, digest, keeping())
        refused = take_files(digest)
    except PortalError as error:
        return _unless_ours(error)
    if request.accept_mimetypes.best == "application/json":
        return remember(jsonify(files=files_of(form), problems=refused), form.draft)
    errors = {FIELD: " ".join(refused)} if refused else {}
    return _given_back(form, lang, errors=errors, status=422 if errors else 200)


def form_page(
    form: ContactForm,
    *,
    errors: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
    state: str = "typed",
    draft: Draft | None = None,
) -> Response:
    """The form with what was typed; `problem` says what kept it from being sent.

    state: blank, fresh (asked to be empty), resumed (from `draft`) or typed (given back).
    """
    errors = field_texts(errors or {})
    html = render_template(
        "help/contact.html",
        form=form,
        errors=errors,
        problem=problem,
        categories=category_choices(current_language()),
        suggestions=is_offered(),
        questions=question_rows(form, errors),
        files=files_of(form),
        accept=ACCEPT,
        state=state,
        draft=draft,
    )
    response = make_response(html, status)
    response.cache_control.no_store = state in {"resumed", "typed"}
    return response


def give_back(error: Exception, *, status: int, problem: str) -> Response:
    """The form as it was typed, after a failure that had nothing to do with its content."""
    _log.info("ticket form given back: %s", error)
    form = typed_form()
    errors = {FIELD: _("Please add the files again.")} if any(_sent_files()) else {}
    form = replace(form, opened=renewed(form.opened))
    response = form_page(form, errors=errors, problem=problem, status=status)
    if status in {429, 503}:
        response.headers["Retry-After"] = "60"
    return response


def _given_back(
    form: ContactForm,
    lang: str,
    *,
    errors: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    """The form for another look, kept meanwhile."""
    form = replace(form, version=keep(form, lang))
    return remember(form_page(form, errors=errors, problem=problem, status=status), form.draft)


def _file(form: ContactForm, lang: str) -> AnyResponse:
    now = portal().clock()
    if marks := suspicions(form, now=now):
        _log.warning("suspicious ticket form: %s", ", ".join(marks))
    try:
        filed = submit(
            tidy(submission(form, lang=lang, marks=marks)),
            portal().tickets,
            now=now,
            secret=portal().settings.secret_key().encode(),
            ticket_id=new_id(),
            event_id=new_id(),
        )
    except PortalError as error:
        return _unless_ours(error)
    if filed.token is None:
        return _already_sent(form, filed.ticket.number, lang)
    return forget(redirect(url_for("help.sent", token=filed.token), 303), form.draft)


def _already_sent(form: ContactForm, number: int, lang: str) -> Response:
    """The same form was sent before with another text: offer to send this one as well."""
    problem = _(
        "This form was sent before, as request %(number)s. Send it again to make a second one.",
        number=number,
    )
    again = replace(form, draft=new_token(), version=0)
    before, after = draft_digest(form.draft), draft_digest(again.draft)
    if before and after:
        portal().attachments.pass_on(before, after)
    return _given_back(again, lang, problem=problem, status=409)


def _unless_ours(error: PortalError) -> Response:
    """The form back where something that we need is away; anything else is a fault."""
    if STATUS_OF.get(error.code) != 503:
        raise error
    return give_back(error, status=503, problem=not_kept())


def _with_id(form: ContactForm) -> ContactForm:
    """With files, a form needs an id that nobody guesses."""
    if draft_digest(form.draft) or not any(_sent_files()):
        return form
    return replace(form, draft=new_token(), version=0)


def _sent_files() -> list[str]:
    return [one.filename or "" for one in request.files.getlist(FIELD)]


def _asked_about(form: ContactForm) -> str:
    """What suggestions are computed from: the words, and those of the topic."""
    topic = category_titles(current_language()).get(form.category, "")
    return f"{form.text} {topic}".strip()


def not_kept() -> str:
    """What to say when the ticket could not be stored."""
    return str(
        _("We could not save your request just now. Your text is still here: please try again.")
    )
