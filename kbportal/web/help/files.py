"""The files of a ticket for its requester: whoever has the secret address, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, url_for

from kbportal.tickets.model import Answer
from kbportal.web.attachments import FileRow, file_rows, hand_out
from kbportal.web.help.ticket import opened
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class Extras:
    """What came with a ticket besides its text."""

    answers: tuple[Answer, ...]
    files: list[FileRow]


def file(lang: str, token: str, file_id: str) -> Response:
    """One file of the ticket, to be saved."""
    return hand_out(opened(token).ticket.id, file_id)


def extras(token: str) -> Extras:
    """For the page of the ticket."""
    found = opened(token).ticket
    files = file_rows(
        portal().attachments.of_ticket(found.id),
        lambda one: url_for("help.file", token=token, file_id=one.id),
    )
    return Extras(found.answers, files)
