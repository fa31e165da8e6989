"""A ticket: what somebody asked, in which state the answer is, and what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    SOLVED = "solved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Author(StrEnum):
    """Which side wrote a message."""

    REQUESTER = "requester"
    AGENT = "agent"


UNFINISHED = frozenset({Status.NEW, Status.OPEN, Status.WAITING})
"""The states in which somebody still has to do something."""
FINISHED = frozenset(Status) - UNFINISHED


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to one of the form's further questions.

    id: the question's name in the editors' file, by which it is told in other languages. label,
    value: as the requester read and wrote them, so that they stay readable when the question is
    changed or gone.
    """

    id: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request for help.

    number: what people say on the telephone, from 1001 on; 0 until the store gives one.
    token_digest: of the secret that was given when it was filed; the token is never stored.
    draft_id: digest under which a repeated submission is recognised.
    visitor: the portal's random id of the browser, from which the trail is read.
    quarantine: why it looks like spam; empty for a ticket like any other. Nothing is lost by it:
    the requester sees no difference, and agents find it in a list of its own.
    content_digest: the same for the same words, by which repetitions are noticed.
    erased: when its person was forgotten: what is left is there to be counted, not to be seen.
    """

    id: str
    number: int
    token_digest: str
    subject: str
    description: str
    name: str
    email: str
    lang: str
    created: datetime
    updated: datetime
    category: str = ""
    status: Status = Status.NEW
    solved_by_article: str | None = None
    draft_id: str | None = None
    visitor: str | None = None
    channel: str = "form"
    answers: tuple[Answer, ...] = ()
    quarantine: tuple[str, ...] = ()
    content_digest: str | None = None
    erased: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said on a ticket after its description; plain text."""

    id: str
    ticket_id: str
    author: Author
    author_name: str
    body: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """An address that opens a ticket. mailed: only its requester's mailbox has been told it."""

    token_digest: str
    ticket_id: str
    mailed: bool
    created: datetime
    revoked: datetime | None = None


class Verdict(StrEnum):
    """What a requester says of the help they got."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Rating:
    """A requester's answer to "Did we help you?"; the latest one counts."""

    ticket_id: str
    verdict: Verdict
    comment: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was taken.

    name: as its sender called it, made safe to show. kind: a key of
    `attachments.MEDIA_TYPES`.
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


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A part of the list, newest number first; ``older`` continues it, None at its end."""

    tickets: tuple[Ticket, ...]
    older: int | None


Counts = Mapping[Status, int]
