"""Files of tickets on pages: shown as rows, taken from forms, handed out to be saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Response, abort, request, send_file
from flask_babel import format_decimal
from flask_babel import gettext as _
from limits import RateLimitItemPerDay
from werkzeug.datastructures import FileStorage

from kbportal.tickets.attachments import (
    MAX_BYTES,
    MEDIA_TYPES,
    MOST,
    Keeping,
    attach,
)
from kbportal.tickets.contents import safe_name
from kbportal.tickets.errors import AttachmentRefused
from kbportal.tickets.model import Attachment
from kbportal.web.portal import portal
from kbportal.web.security import may_spend, spend

FIELD = "files"
ACCEPT = ".png,.jpg,.jpeg,.webp,.gif,.pdf,.txt,.log"
"""For the browser's own choice of files; the server looks for itself."""


DAILY_BYTES = 400_000_000
"""What one address may send in a day: eight forms that are full, of the forty that fill the room
for all files that wait."""
_BUDGET = RateLimitItemPerDay(DAILY_BYTES)
_UPLOADED = "uploaded"


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What is taken: how many files of one form, how large each, in words as well."""

    most: int
    most_bytes: int
    size: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file: `size` in words; `url` is empty before it is sent."""

    id: str
    name: str
    size: str
    url: str = ""


def file_limits() -> FileLimits:
    """For pages that ask for files."""
    return FileLimits(MOST, MAX_BYTES, _size(MAX_BYTES))


def keeping() -> Keeping:
    """Where this portal keeps files."""
    return Keeping(portal().attachments, portal().files)


def take_files(draft: str) -> list[str]:
    """Let the files of this request wait with a draft (a `draft_digest`).

    No more are looked at than may be kept: a refused picture costs as much as one that is taken.

    Returns:
        What is wrong with those that are not taken, each in one sentence.

    Raises:
        StorageUnavailable: Nothing more can be kept now.
    """
    uploads = [one for one in request.files.getlist(FIELD) if one.filename]
    found = [_take(one, draft) for one in uploads[:MOST]]
    found += [_refused(one, "too_many") for one in uploads[MOST:]]
    return [_problem(error) for error in found if error]


def file_rows(
    found: Iterable[Attachment], url: Callable[[Attachment], str] = lambda one: ""
) -> list[FileRow]:
    """Files as templates show them."""
    return [FileRow(one.id, one.name, _size(one.size_bytes), url(one)) for one in found]


def hand_out(ticket_id: str, file_id: str) -> Response:
    """A file of that ticket, to be saved; 404 if it is another's, or gone."""
    found = portal().attachments.by_id(file_id)
    if found is None or found.ticket_id != ticket_id:
        abort(404)
    content = portal().files.open(found.stored)
    if content is None:
        abort(404)
    response = send_file(
        content,
        mimetype=MEDIA_TYPES.get(found.kind, "application/octet-stream"),
        as_attachment=True,
        download_name=found.name,
        conditional=False,
        etag=False,
    )
    response.content_length = found.size_bytes
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _take(upload: FileStorage, draft: str) -> AttachmentRefused | None:
    content = upload.stream.read(MAX_BYTES + 1)
    if not may_spend(_BUDGET, _UPLOADED, cost=len(content)):
        return _refused(upload, "budget")
    try:
        attach(upload.filename or "", content, draft, keeping(), now=portal().clock())
    except AttachmentRefused as error:
        return error
    spend(_BUDGET, _UPLOADED, cost=len(content))
    return None


def _refused(upload: FileStorage, problem: str) -> AttachmentRefused:
    name = safe_name(upload.filename or "")
    return AttachmentRefused("not looked at", problem=problem, name=name)


def _problem(error: AttachmentRefused) -> str:
    name = error.facts.get("name", "")
    words = {
        "kind": _("“%(name)s” cannot be added: we take pictures, PDF and plain text.", name=name),
        "content": _("“%(name)s” is not what its name says, so it was not added.", name=name),
        "picture": _(
            "“%(name)s” cannot be read as a picture. Please save it as PNG or JPEG.", name=name
        ),
        "empty": _("“%(name)s” is empty, so it was not added.", name=name),
        "too_large": _(
            "“%(name)s” is larger than %(size)s, so it was not added.",
            name=name,
            size=_size(MAX_BYTES),
        ),
        "budget": _(
            "“%(name)s” was not added: a lot was sent from your connection today. You can send "
            "the request without it, and add it tomorrow.",
            name=name,
        ),
        "too_many": _(
            "“%(name)s” was not added: you can add at most %(most)s files.", name=name, most=MOST
        ),
    }
    busy = _("“%(name)s” could not be added just now. Please try again in a minute.", name=name)
    return str(words.get(str(error.facts.get("problem")), busy))


def _size(size_bytes: int) -> str:
    if size_bytes >= 1_000_000:
        return f"{format_decimal(round(size_bytes / 1_000_000, 1))} MB"
    return f"{max(1, round(size_bytes / 1000))} kB"
