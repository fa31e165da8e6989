"""Files that come with a ticket: which are taken, and what is known of each.

A file belongs to a draft until its form is sent; then, in the transaction that files the ticket
or adds the message, it becomes the ticket's. Its content is kept under a random name, durably,
before its row is written: what the store knows is there.

    taken = attach(upload_name, content, draft_digest(draft_id), keeping, now=now)
    desk.reply(store, ticket, …, draft=draft_digest(draft_id))
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kbportal.kernel.ids import new_id
from kbportal.tickets.contents import examine, safe_name
from kbportal.tickets.errors import AttachmentRefused
from kbportal.tickets.model import Attachment
from kbportal.tickets.ports import AttachmentStore, DraftStore, FileStore

MAX_BYTES = 10_000_000
"""The largest file that is taken."""
MOST = 5
"""How many may come with one form or message."""
MAX_REQUEST_BYTES = MOST * MAX_BYTES + 1_000_000
"""All that one request may carry: the files, and the form around them."""
MAX_WAITING_BYTES = 2_000_000_000
"""What all unsent files together may take of the disk."""
ABANDONED_AFTER = timedelta(days=1)
"""Files without a draft: those of an answer to a ticket, or of a form of which no word was kept."""
STRAY_AFTER = timedelta(days=1)
"""Contents that no row knows are left over from a crash; younger ones may be on their way."""

MEDIA_TYPES: Mapping[str, str] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "pdf": "application/pdf",
    "txt": "text/plain",
}
"""How each kind is called when it is handed out."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where files are kept: what is known of them, and their contents."""

    rows: AttachmentStore
    files: FileStore


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many drafts had expired, and how many files that were never sent went."""

    drafts: int
    files: int


def attach(name: str, content: bytes, draft: str, keeping: Keeping, *, now: datetime) -> Attachment:
    """Take a file and let it wait with a draft (a `draft_digest`); the same file again is one.

    Raises:
        AttachmentRefused: Its ``problem`` says why.
        StorageUnavailable: Nothing was kept.
    """
    name = safe_name(name)
    digest = hashlib.sha256(content).hexdigest()
    waiting = keeping.rows.of_draft(draft)
    if same := [one for one in waiting if (one.digest, one.name) == (digest, name)]:
        return same[0]
    if len(waiting) >= MOST:
        raise AttachmentRefused("too many files", problem="too_many", name=name)
    if len(content) > MAX_BYTES:
        raise AttachmentRefused("the file is too large", problem="too_large", name=name)
    if not _has_room(keeping, draft):
        raise AttachmentRefused("too many unsent files", problem="busy", name=name)
    kind, content = examine(name, content)
    stored = keeping.files.keep(content)
    mine = Attachment(new_id(), name, kind, len(content), digest, stored, now, draft)
    kept = keeping.rows.add(mine)
    if kept.id != mine.id:
        keeping.files.drop([stored])
    return kept


def detach(attachment_id: str, draft: str, keeping: Keeping) -> None:
    """Take a file back before it is sent."""
    if gone := keeping.rows.remove(draft, attachment_id):
        keeping.files.drop([gone.stored])


def tidy_up(drafts: DraftStore, keeping: Keeping, *, now: datetime) -> Tidied:
    """Delete drafts that have expired, their files, and contents left over from a crash."""
    expired = drafts.purge(now)
    unsent = keeping.rows.purge(before=now - ABANDONED_AFTER)
    keeping.files.drop(unsent)
    old = keeping.files.names(before=now - STRAY_AFTER)
    keeping.files.drop(set(old) - keeping.rows.known(old))
    return Tidied(expired, len(unsent))


def _has_room(keeping: Keeping, draft: str) -> bool:
    """Whether another file may wait; the oldest without a draft make room, unless they are ours."""
    excess = keeping.rows.waiting_bytes() - MAX_WAITING_BYTES
    if excess <= 0:
        return True
    keeping.files.drop(keeping.rows.evict(excess, spared=draft))
    return keeping.rows.waiting_bytes() <= MAX_WAITING_BYTES
