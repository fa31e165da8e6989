"""Every failure becomes a page in the reader's language, or JSON below /api."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

from flask import (
    Flask,
    Response,
    current_app,
    jsonify,
    make_response,
    render_template,
    request,
)
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.errors import PortalError
from kbportal.web.api_paths import is_for_programs
from kbportal.web.locale import Alternate, alternates
from kbportal.web.portal import portal

_log = logging.getLogger(__name__)

Failure = TypeVar("Failure", bound=Exception)

STATUS_OF: dict[str, int] = {
    "index_missing": 503,
    "storage_unavailable": 503,
    "shelf_unusable": 503,
    "ticket_missing": 404,
    "ticket_link_ended": 410,
    "submission_refused": 422,
    "message_refused": 422,
    "ticket_status_refused": 409,
    "event_unknown": 422,
    "event_invalid": 422,
}
"""The status of each foreseen failure; others are 500."""


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """What an error page says."""

    status: int
    title: str
    text: str
    reference: str = ""


def install(app: Flask) -> None:
    """Answer every kind of failure."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(PortalError, _foreseen)
    app.register_error_handler(Exception, _unforeseen)


def error_page(status: int, *, code: str = "", reference: str = "") -> Response:
    """The page for a status; `code` picks a more particular text where there is one."""
    title, text = _words(status, code)
    if is_for_programs():
        body = {"error": {"code": code or f"http_{status}", "message": title}}
        return make_response(jsonify(body), status)
    row = ErrorRow(status, title, text, reference)
    # What is missing here is missing in every language: the menu leads to where something is.
    homes = _homes() if status == 404 else None
    page = render_template("errors/error.html", error=row, page_alternates=homes)
    response = make_response(page, status)
    response.cache_control.no_store = True
    return response


def or_its_own_failure(
    handler: Callable[[Failure], AnyResponse],
) -> Callable[[Failure], AnyResponse]:
    """A handler that makes a page as handlers of requests do: what it cannot find is a 404, too.

    Flask asks no handler about what fails within another one, so that it would be a 500.
    """

    @wraps(handler)
    def handled(error: Failure) -> AnyResponse:
        try:
            return handler(error)
        except (PortalError, HTTPException) as inner:
            return current_app.make_response(current_app.handle_user_exception(inner))

    return handled


def _homes() -> tuple[Alternate, ...]:
    return alternates({lang: f"/{lang}/" for lang in portal().settings.languages})


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    if isinstance(error, SecurityError) and not is_for_programs():
        # For a host that is not ours there are no addresses to make a page with.
        return make_response("400\n", 400, {"Content-Type": "text/plain"})
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    response = error_page(status)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "location"}:
            response.headers[name] = value
    return response


def _foreseen(error: PortalError) -> Response:
    status = STATUS_OF.get(error.code, 500)
    if status >= 500:
        return _logged(error, status, code=error.code)
    return error_page(status, code=error.code)


def _unforeseen(error: Exception) -> Response:
    return _logged(error, 500)


def _logged(error: Exception, status: int, *, code: str = "") -> Response:
    reference = secrets.token_hex(4)
    _log.error("reference %s: %s %s", reference, request.method, request.endpoint, exc_info=error)
    response = error_page(status, code=code, reference=reference)
    if status == 503:
        response.headers["Retry-After"] = "30"
    return response


def _words(status: int, code: str) -> tuple[str, str]:
    """Title and text."""
    if code == "index_missing":
        return (
            _("We are putting the articles on the shelf"),
            _("The help articles will be here in a minute. You can write to us already."),
        )
    words = {
        400: (_("We could not read that"), _("The address or the form holds something odd.")),
        401: (_("Please sign in"), _("This page is for people who have signed in.")),
        403: (_("This door is closed"), _("You are not allowed to open this page.")),
        404: (
            _("There is nothing at this address"),
            _("The page may have moved. A search usually finds it."),
        ),
        405: (_("That does not work here"), _("This page cannot be used in that way.")),
        409: (_("That has changed meanwhile"), _("Please look at the page again.")),
        413: (_("That is too much at once"), _("Please send a shorter text or smaller files.")),
        422: (_("Something is missing"), _("Please go back and look at the form again.")),
        429: (
            _("One moment, please"),
            _("That was a lot in a short time. Please wait a minute and try again."),
        ),
        503: (
            _("We are not quite ready"),
            _("Something that we need is not answering. Please try again in a minute."),
        ),
    }
    fallback = (
        _("That went wrong, and it was us"),
        _("The fault has been noted. Please try again, or write to us."),
    )
    return words.get(status, words[400] if 400 <= status < 500 else fallback)
