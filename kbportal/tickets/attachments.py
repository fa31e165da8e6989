"""Files that come with a ticket: which are taken, and what is known of each.

A file belongs to a draft until its form is sent; then, in the transaction that files the ticket
or adds the message, it becomes the ticket's. Its content is kept under a random name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MAX_BYTES = 10_000_000
"""The largest file that is taken."""
MOST = 5
"""How many may come with one form or message."""
MAX_REQUEST_BYTES = 50_000_000
"""All that one request may carry."""
MAX_WAITING_BYTES = 2_000_000_000
"""What all unsent files together may take of the disk."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was taken.

    name: as its sender called it, made safe to show. kind: a key of the table of types.
    digest: of the content as it was sent, by which the same file sent twice is one.
    stored: the random name of its content. draft: whose files wait with an unsent form.
    """

    id: str
    name: str
    kind: str
    size_bytes: int
    digest: str
    stored: str
    created: datetime
    draft: str | None = None
    ticket_id: str | None = None
    message_id: str | None = None
