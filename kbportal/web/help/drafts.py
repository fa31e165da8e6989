"""What was typed and not sent: kept on the server, and found again by a cookie of the browser.

The form must work without any of it: whatever is wrong here, the page comes as if there were
no draft.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Response, current_app, jsonify, make_response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.errors import PortalError
from kbportal.kernel.ids import new_token
from kbportal.tickets.attachments import detach, tidy_up
from kbportal.tickets.draft import KEPT, Draft, a_draft, draft_digest
from kbportal.tickets.questions import PREFIX
from kbportal.web.attachments import FileRow, file_rows, keeping
from kbportal.web.framed import form_token, is_framed_page
from kbportal.web.help.form import ContactForm, stamp, typed_form
from kbportal.web.portal import portal

COOKIE = "kb_draft"
MOST_KNOWN = 3
"""Drafts of one browser that can be gone back to; the latest comes first."""
KEPT_FIELDS = ("subject", "description", "category")
"""Not who writes: a name and an address are given by sending, and not before."""
TIDY_EVERY = timedelta(hours=1)

_ID = re.compile(r"[A-Za-z0-9_-]{32,64}")
_log = logging.getLogger(__name__)

Some = TypeVar("Some", bound=AnyResponse)


def save(lang: str) -> AnyResponse:
    """Keep what a script has seen being typed; 409 with a fresh id if another tab wrote since."""
    form = typed_form()
    digest = draft_digest(form.draft)
    if digest is None:
        return make_response(jsonify(draft=new_token()), 409)
    kept = _save(form, digest, lang)
    if kept is None:
        return make_response(jsonify(draft=new_token()), 409)
    _tidy_now_and_then()
    rows = file_rows(portal().attachments.of_draft(digest))
    return remember(jsonify(version=kept.version, files=rows), form.draft)


def keep(form: ContactForm, lang: str) -> int:
    """Keep a form that goes back to its writer; the version that its page then knows."""
    digest = draft_digest(form.draft)
    if digest is None:
        return form.version
    try:
        kept = _save(form, digest, lang)
        _tidy_now_and_then()
    except PortalError as error:
        _log.info("draft not kept: %s", error)
        return form.version
    return kept.version if kept else form.version


def resumed() -> tuple[ContactForm, Draft] | None:
    """The latest draft of this browser that is still kept, as a form to go on with."""
    try:
        for draft_id in _known_ids():
            digest = draft_digest(draft_id) or ""
            if found := portal().drafts.read(digest, now=portal().clock()):
                return _as_form(found, draft_id), found
    except PortalError as error:
        _log.info("no draft: %s", error)
    return None


def files_of(form: ContactForm) -> list[FileRow]:
    """The files that wait with a form."""
    try:
        return file_rows(portal().attachments.of_draft(draft_digest(form.draft) or ""))
    except PortalError:
        return []


def delete(lang: str) -> AnyResponse:
    """Delete a draft and its files at once, as its writer wishes."""
    draft_id = request.form.get("draft", "")
    if digest := draft_digest(draft_id):
        for one in portal().attachments.of_draft(digest):
            # One by one, for what another tab sends meanwhile belongs to its ticket.
            detach(one.id, digest, keeping())
        portal().drafts.delete(digest, now=portal().clock())
    return forget(redirect(url_for("help.contact", new=1), 303), draft_id)


def token_expired() -> Response:
    """For a script whose page is older than its form token: a fresh one to try again with."""
    token = form_token() if is_framed_page() else generate_csrf()
    return make_response(jsonify(csrf_token=token), 400)


def remember(response: Some, draft_id: str) -> Some:
    """Let the browser find this draft again for as long as it is kept."""
    others = [one for one in _known_ids() if one != draft_id]
    return _set_cookie(response, [draft_id, *others])


def forget(response: Some, draft_id: str) -> Some:
    """It was sent or deleted."""
    if not (known := _known_ids()):
        return response
    return _set_cookie(response, [one for one in known if one != draft_id])


def _save(form: ContactForm, digest: str, lang: str) -> Draft | None:
    typed: dict[str, str] = {name: getattr(form, name) for name in KEPT_FIELDS}
    typed |= {PREFIX + name: text for name, text in form.answers.items()}
    writer = form.writer or "page"
    draft = a_draft(digest, typed, lang=lang, writer=writer, now=portal().clock())
    return portal().drafts.save(draft, base=form.version)


def _as_form(draft: Draft, draft_id: str) -> ContactForm:
    typed: Mapping[str, str] = draft.typed
    return ContactForm(
        subject=typed.get("subject", ""),
        description=typed.get("description", ""),
        category=typed.get("category", ""),
        draft=draft_id,
        version=draft.version,
        opened=stamp(),
        answers={
            name.removeprefix(PREFIX): text
            for name, text in typed.items()
            if name.startswith(PREFIX)
        },
    )


def _known_ids() -> list[str]:
    """By the cookie; in the frame of another site there is none."""
    if is_framed_page():
        return []
    ids = request.cookies.get(_cookie_name(), "").split(".")
    return [one for one in ids if _ID.fullmatch(one)][:MOST_KNOWN]


def _set_cookie(response: Some, ids: list[str]) -> Some:
    if is_framed_page():
        return response
    response.set_cookie(
        _cookie_name(),
        ".".join(ids[:MOST_KNOWN]),
        max_age=KEPT if ids else 0,
        httponly=True,
        samesite="Lax",
        secure=_is_https(),
    )
    return response


def _cookie_name() -> str:
    return f"__Host-{COOKIE}" if _is_https() else COOKIE


def _is_https() -> bool:
    return portal().settings.is_https


def _tidy_now_and_then() -> None:
    """Expired drafts and left-over files go while the form is used, at most once an hour."""
    now = portal().clock()
    last: datetime | None = current_app.extensions.get("kbportal_tidied")
    if last is not None and now - last < TIDY_EVERY:
        return
    current_app.extensions["kbportal_tidied"] = now
    try:
        tidy_up(portal().drafts, keeping(), now=now)
    except PortalError as error:
        _log.warning("expired drafts were not deleted: %s", error)
