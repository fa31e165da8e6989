"""Where tickets, drafts and files are kept. A new adapter: implement it, add it to the tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO, Protocol

from kbportal.events.catalog import Event
from kbportal.mail.model import Letter
from kbportal.people.audit import AuditLine
from kbportal.tickets.draft import Draft
from kbportal.tickets.evidence import Evidence
from kbportal.tickets.model import (
    Attachment,
    Counts,
    Link,
    Message,
    Rating,
    Status,
    Ticket,
    TicketPage,
)


class TicketStore(Protocol):
    """Tickets and their messages. Every write is durable when the call returns.

    Raises a PortalError with the code ``storage_unavailable`` when it cannot be.
    """

    def file(
        self,
        ticket: Ticket,
        created_event: Event,
        *,
        draft: str | None = None,
        letter: Letter | None = None,
    ) -> tuple[Ticket, bool]:
        """Keep ticket, event, link and letter in one transaction, and give it a number.

        The files that wait with ``draft`` (a `draft_digest`) become the ticket's in the same
        transaction, and the draft itself is gone with it.

        Returns the ticket as kept and True, or, when one with the same ``draft_id`` was
        kept before, that earlier one and False; then only files are added to it that were
        not there, and these only if its ``token_digest`` is the same, too.
        """
        ...

    def repeated(self, content_digest: str, *, since: datetime) -> int:
        """How many tickets since then say the same words."""
        ...

    def release(
        self, ticket_id: str, *, now: datetime, line: AuditLine | None = None
    ) -> Ticket | None:
        """Take a ticket out of quarantine, let its event count and keep the line, in one
        transaction; one that is in none stays as it is. None for no such ticket.
        """
        ...

    def quarantined(self) -> int:
        """How many unfinished tickets are in quarantine."""
        ...

    def by_id(self, ticket_id: str) -> Ticket | None: ...

    def by_number(self, number: int) -> Ticket | None:
        """The ticket that agents call so; none whose person was forgotten."""
        ...

    def by_token_digest(self, token_digest: str) -> tuple[Ticket, Link] | None:
        """The ticket that this link was made for, even if it opens it no more."""
        ...

    def list(
        self,
        *,
        statuses: Iterable[Status] | None = None,
        lang: str | None = None,
        before: int | None = None,
        limit: int = 50,
        quarantined: bool | None = None,
    ) -> TicketPage:
        """Newest number first; ``before`` is an exclusive number to continue from.

        Tickets whose person was forgotten are in no list and no count.

        quarantined: those only, or none of those; all by default.
        """
        ...

    def counts(self) -> Counts:
        """How many tickets are in each state, without quarantined ones; every state is there."""
        ...

    def messages(self, ticket_id: str) -> tuple[Message, ...]:
        """Oldest first."""
        ...

    def add_message(
        self,
        message: Message,
        *,
        status: Status,
        event: Event | None = None,
        draft: str | None = None,
        letter: Letter | None = None,
    ) -> Ticket | None:
        """Keep message, state, event and letter in one transaction; None for no such ticket.

        The files that wait with ``draft`` become the message's in the same transaction.
        A message that the ticket has already brings it new files and changes nothing else.
        """
        ...

    def set_status(
        self,
        ticket_id: str,
        status: Status,
        *,
        now: datetime,
        solved_by_article: str | None,
        event: Event | None = None,
        letter: Letter | None = None,
    ) -> Ticket | None:
        """Set state and solving article, keep event and letter, together; None: no such ticket."""
        ...

    def withdraw(self, ticket_id: str, event: Event) -> tuple[Ticket, bool] | None:
        """Withdraw an unfinished ticket and note the event in one transaction.

        False beside the ticket when it was not unfinished; then nothing is written.
        None for no such ticket.
        """
        ...

    def rating(self, ticket_id: str) -> Rating | None: ...

    def rate(self, rating: Rating) -> None:
        """Keep a rating in the place of an earlier one of the same ticket."""
        ...

    def revoke_links(
        self,
        ticket_id: str,
        *,
        now: datetime,
        instead: Link | None = None,
        line: AuditLine | None = None,
    ) -> None:
        """Make every link to a ticket dead, keep another one and the line, in one transaction."""
        ...

    def evidence(self, *, now: datetime) -> Iterator[Evidence]:
        """What was found to be an answer: tickets solved by an article, confirmed presses."""
        ...


class DraftStore(Protocol):
    """Unsent forms. Writes survive the end of the process; a power cut may cost the last ones."""

    def save(self, draft: Draft, *, base: int) -> Draft | None:
        """Write a draft over the version ``base``, or over one by the same writer.

        Returns it as kept, with its new version; None when another writer has written since.
        What was sent or deleted stays so. Raises a PortalError with the code
        ``storage_unavailable`` when more drafts are kept than may be.
        """
        ...

    def read(self, digest: str, *, now: datetime) -> Draft | None:
        """The draft, unless it has expired."""
        ...

    def delete(self, digest: str, *, now: datetime) -> None:
        """Forget its text at once; that there was one is known until it expires."""
        ...

    def purge(self, now: datetime) -> int:
        """Delete what has expired; how many it were."""
        ...


class AttachmentStore(Protocol):
    """What is known of files. Every write is durable when the call returns."""

    def add(self, attachment: Attachment) -> Attachment:
        """Keep it; where the same file waits with the same draft, that one is returned."""
        ...

    def by_id(self, attachment_id: str) -> Attachment | None: ...

    def of_draft(self, draft: str) -> tuple[Attachment, ...]:
        """In the order in which they came."""
        ...

    def of_ticket(self, ticket_id: str) -> tuple[Attachment, ...]:
        """Those of its messages too, in the order in which they came."""
        ...

    def remove(self, draft: str, attachment_id: str) -> Attachment | None:
        """Take one out that waits with this draft; None if there is none."""
        ...

    def pass_on(self, draft: str, to: str) -> None:
        """Let files wait with another draft, which has none yet."""
        ...

    def waiting_bytes(self) -> int:
        """What all files of unsent forms take."""
        ...

    def purge(self, *, before: datetime) -> tuple[str, ...]:
        """Forget files that came before, were never sent, and have no draft any more.

        Returns the names under which their contents are stored.
        """
        ...

    def evict(self, size_bytes: int, *, spared: str) -> tuple[str, ...]:
        """Forget so many bytes of files that have no draft, the oldest first.

        spared: a digest with which files wait that stay all the same. Returns as `purge` does.
        """
        ...

    def known(self, stored: Iterable[str]) -> frozenset[str]:
        """Which of these stored names belong to a file."""
        ...


class FileStore(Protocol):
    """Contents of files under random names.

    Raises a PortalError with the code ``storage_unavailable`` when it cannot be used.
    """

    def keep(self, content: bytes) -> str:
        """Write it durably; returns its random name."""
        ...

    def open(self, stored: str) -> BinaryIO | None:
        """The content, to be closed by the caller; None if it is gone."""
        ...

    def drop(self, stored: Iterable[str]) -> None:
        """Delete contents; those that are gone already do not matter."""
        ...

    def names(self, *, before: datetime) -> tuple[str, ...]:
        """All that was written before."""
        ...
