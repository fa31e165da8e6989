"""Where tickets are kept. A new adapter: implement TicketStore, add it to the contract test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from kbportal.events.catalog import Event
from kbportal.tickets.evidence import Evidence
from kbportal.tickets.model import Counts, Message, Status, Ticket, TicketPage


class TicketStore(Protocol):
    """Tickets and their messages. Every write is durable when the call returns.

    Raises a PortalError with the code ``storage_unavailable`` when it cannot be.
    """

    def file(self, ticket: Ticket, created_event: Event) -> tuple[Ticket, bool]:
        """Keep the ticket and its event in one transaction, and give it a number.

        Returns the ticket as kept and True, or, when one with the same ``draft_id`` was
        kept before, that earlier one and False; then nothing is written.
        """
        ...

    def by_id(self, ticket_id: str) -> Ticket | None: ...

    def by_number(self, number: int) -> Ticket | None: ...

    def by_token_digest(self, token_digest: str) -> Ticket | None: ...

    def list(
        self,
        *,
        statuses: Iterable[Status] | None = None,
        lang: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> TicketPage:
        """Newest number first; ``before`` is an exclusive number to continue from."""
        ...

    def counts(self) -> Counts:
        """How many tickets are in each state; every state is there."""
        ...

    def messages(self, ticket_id: str) -> tuple[Message, ...]:
        """Oldest first."""
        ...

    def add_message(
        self, message: Message, *, status: Status, event: Event | None = None
    ) -> Ticket | None:
        """Keep message, state and event in one transaction; None for no such ticket."""
        ...

    def set_status(
        self,
        ticket_id: str,
        status: Status,
        *,
        now: datetime,
        solved_by_article: str | None,
        event: Event | None = None,
    ) -> Ticket | None:
        """Set state and solving article and keep the event, together; None: no such ticket."""
        ...

    def withdraw(self, ticket_id: str, event: Event) -> tuple[Ticket, bool] | None:
        """Withdraw an unfinished ticket and note the event in one transaction.

        False beside the ticket when it was not unfinished; then nothing is written.
        None for no such ticket.
        """
        ...

    def evidence(self, *, now: datetime) -> Iterator[Evidence]:
        """What was found to be an answer: tickets solved by an article, confirmed presses."""
        ...
