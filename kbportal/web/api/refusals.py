"""Saying no in JSON: ``{"error": {"code", "message"}}`` and whatever else helps to mend it."""

from __future__ import annotations

from flask import Response, jsonify, make_response
from flask_babel import gettext as _

from kbportal.events.errors import InvalidEvent, UnknownEvent


class Refused(Exception):
    """A request that cannot be taken as it is.

    Args:
        code: Stable, for programs.
        message: For people, in their language.
        facts: Further keys of the error, such as ``parameter``.
    """

    def __init__(self, status: int, code: str, message: str, **facts: object) -> None:
        super().__init__(message)
        self.retry_after_s = 0
        self.status = status
        self.body = {"error": {"code": code, "message": message, **facts}}


def refused(error: Refused) -> Response:
    """The answer to a refused request."""
    response = make_response(jsonify(error.body), error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after_s:
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def too_many(retry_after_s: int) -> Refused:
    """What says that it was too often, in the words of every page that does."""
    refusal = Refused(429, "http_429", _("One moment, please"))
    refusal.retry_after_s = retry_after_s
    return refusal


def event_refused(error: UnknownEvent | InvalidEvent) -> Response:
    """The answer to an event outside the catalogue; names the field that is at fault."""
    message = (
        _("There is no such event, or only the server records it.")
        if isinstance(error, UnknownEvent)
        else _("A field of this event is missing, unknown or cannot be so.")
    )
    facts = {name: error.facts[name] for name in ("field", "problem") if name in error.facts}
    return refused(Refused(422, error.code, message, **facts))
