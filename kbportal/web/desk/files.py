"""The files of a ticket for agents."""

from __future__ import annotations

from flask import Response

from kbportal.web.attachments import hand_out
from kbportal.web.desk.ticket import find


def file(number: int, file_id: str) -> Response:
    """One file of the ticket, to be saved."""
    return hand_out(find(number).id, file_id)
