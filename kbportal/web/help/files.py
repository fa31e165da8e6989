"""The files of a ticket for its requester: whoever has the secret address, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, url_for

from kbportal.kernel.ids import token_digest
from kbportal.tickets.model import Answer, Ticket
from kbportal.web.attachments import FileRow, file_rows, hand_out
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class Extras:
    """What came with a ticket besides its text."""

    answers: tuple[Answer, ...]
    files: list[FileRow]


def file(lang: str, token: str, file_id: str) -> Response:
    """One file of the ticket, to be saved."""
    return hand_out(_find(token).id, file_id)


def extras(token: str) -> Extras:
    """For the page of the ticket."""
    found = _find(token)
    files = file_rows(
        portal().attachments.of_ticket(found.id),
        lambda one: url_for("help.file", token=token, file_id=one.id),
    )
    return Extras(found.answers, files)


def _find(token: str) -> Ticket:
    found = portal().tickets.by_token_digest(token_digest(token[:200]))
    if found is None:
        abort(404)
    return found
