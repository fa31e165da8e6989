"""The present password, as a form of somebody who is signed in holds it."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import ngettext

from kbportal.people.errors import PasswordWrong, TooManyAttempts
from kbportal.people.throttle import Attempt
from kbportal.web import staff
from kbportal.web.security import client_key


def attempt(field: str = "password") -> Attempt:
    """What was typed, and who typed it where."""
    return Attempt(
        email=staff.the_staff().email,
        password=request.form.get(field, ""),
        address=client_key(),
        device=staff.device_proof(),
    )


def refusal(error: PasswordWrong | TooManyAttempts) -> tuple[str, int]:
    """Why it was not taken, and the status of the answer."""
    if isinstance(error, TooManyAttempts):
        return too_many(error), 429
    return str(_("This is not your present password.")), 422


def too_many(error: TooManyAttempts) -> str:
    """How long to wait, in words."""
    minutes = -(-_seconds(error) // 60)
    problem = ngettext(
        "Too many attempts. Please wait %(num)d minute and try again.",
        "Too many attempts. Please wait %(num)d minutes and try again.",
        minutes,
    )
    return str(problem)


def waiting(response: Response, error: TooManyAttempts) -> Response:
    """The response with the time to wait, for programs."""
    response.headers["Retry-After"] = str(_seconds(error))
    return response


def _seconds(error: TooManyAttempts) -> int:
    return int(str(error.facts["retry_after_s"]))
