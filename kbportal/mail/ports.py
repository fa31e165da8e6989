"""What sending needs from elsewhere.

A new carrier: implement Carrier, name it in ``wiring.choose_carrier``, add it to the contract test
in ``tests/bricks/mail/test_carriers.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from kbportal.mail.content import Content
from kbportal.mail.model import Letter, State


class Carrier(Protocol):
    """A way by which letters leave."""

    name: str

    def carry(self, message: EmailMessage, *, to: str, handing: Callable[[], None]) -> None:
        """Deliver one message; returns when it was taken.

        Args:
            to: The one address it goes to.
            handing: Called at the last moment at which it is certain that nothing was delivered.

        Raises:
            Unreachable, Postponed, Refused: It was not taken.
            Unsure: It may have been taken.
        """
        ...


class Outbox(Protocol):
    """Letters that wait, went or could not go. Every write is durable when the call returns."""

    def add(self, letter: Letter) -> bool:
        """Keep a letter that is about no ticket, if the rules let it; False when not."""
        ...

    def recover(self, *, sender: str, now: datetime) -> None:
        """Take back what this sender, or one long gone, had in hand when it ended.

        What was not handed over waits again; what was being handed over is unsure.
        """
        ...

    def claim(self, *, sender: str, now: datetime) -> Letter | None:
        """Take the letter in hand that is due first, if any is."""
        ...

    def content(self, letter: Letter) -> Content | None:
        """What it has to tell now; None when there is nothing left to tell."""
        ...

    def keep_links(self, digests: Mapping[str, str], *, now: datetime) -> None:
        """Let mailed links open tickets: ticket id → digest of the link's secret."""
        ...

    def handing(self, letter: Letter) -> bool:
        """Note that the text goes over now; False when the letter is no longer ours."""
        ...

    def settle(
        self,
        letter: Letter,
        state: State,
        *,
        now: datetime,
        due: datetime | None = None,
        error: str = "",
        via: str = "",
    ) -> None:
        """Note how a try ended; nothing when the letter is no longer ours."""
        ...

    def counts(self) -> Mapping[State, int]:
        """How many letters are in each state; every state is there."""
        ...

    def oldest_waiting(self) -> datetime | None:
        """When the letter that waits longest was written."""
        ...

    def troubled(self, *, limit: int = 100) -> Sequence[tuple[Letter, int | None]]:
        """Letters that failed or are unsure, newest first, with the number of their ticket."""
        ...

    def of_ticket(self, ticket_id: str) -> Sequence[Letter]:
        """All letters about a ticket, oldest first."""
        ...

    def again(self, letter_id: str, *, now: datetime) -> bool:
        """Let a failed or unsure letter go once more; False when it is neither."""
        ...

    def drop(self, letter_id: str, *, now: datetime) -> bool:
        """Decide that a failed or unsure letter shall not go; False when it is neither."""
        ...

    def prove(self, address: str, *, now: datetime) -> None:
        """Note that the owner of an address used a link that was mailed to it."""
        ...

    def purge(self, before: datetime) -> int:
        """Forget letters that went, or had nothing to say, before a moment; how many."""
        ...
