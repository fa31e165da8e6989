"""Reading a JSON body: whatever is sent, the answer is an object or a refusal."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from flask import request
from flask_babel import gettext as _

from kbportal.web.api.refusals import Refused


def json_object(*, limit_bytes: int) -> dict[str, Any]:
    """The JSON object that was sent.

    Raises:
        Refused: 415 for another type of content; 422 for what is no JSON object in UTF-8,
            names a key twice, or is nested out of all proportion.
        RequestEntityTooLarge: It is longer than the limit.
    """
    if request.mimetype != "application/json":
        raise Refused(415, "json_expected", _("Send JSON, with Content-Type: application/json."))
    request.max_content_length = limit_bytes
    try:
        found = json.loads(
            request.get_data(), object_pairs_hook=_unique, parse_constant=_not_a_number
        )
    except (ValueError, RecursionError) as error:
        raise _malformed() from error
    if not isinstance(found, dict):
        raise _malformed()
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _not_a_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _malformed() -> Refused:
    return Refused(422, "json_malformed", _("The body must be one JSON object in UTF-8."))
