"""The files of a ticket for its requester: whoever has the secret address, and nobody else."""

from __future__ import annotations

from flask import Response

from kbportal.web.attachments import hand_out
from kbportal.web.help.ticket import opened


def file(lang: str, token: str, file_id: str) -> Response:
    """One file of the ticket, to be saved."""
    return hand_out(opened(token).ticket.id, file_id)
