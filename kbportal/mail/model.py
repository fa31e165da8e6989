"""A letter: an order to write to somebody about something, and how far it has come.

What it will say is not kept with it: the text is made when it leaves, from the ticket as it is
then, so that the outbox holds no second copy of what people wrote, and no secret.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a letter is about."""

    RECEIVED = "received"
    REPLIED = "replied"
    SOLVED = "solved"
    LINKS = "links"
    DIGEST = "digest"
    FACTOR_ON = "factor_on"
    FACTOR_OFF = "factor_off"
    FACTOR_TAKEN = "factor_taken"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"


ABOUT_ACCOUNTS = frozenset(
    {Kind.FACTOR_ON, Kind.FACTOR_OFF, Kind.FACTOR_TAKEN, Kind.CODES_MADE, Kind.CODE_USED}
)
"""What somebody of the staff must hear of their own account, in case it was not they."""


class State(StrEnum):
    """How far a letter has come.

    sending: being prepared, surely not handed over. handing: its text is on the way to the server.
    unsure: the server may have taken it or not; only a person decides whether it goes again.
    void: there was nothing to say, or somebody decided that it should not go.
    """

    WAITING = "waiting"
    SENDING = "sending"
    HANDING = "handing"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    VOID = "void"


TROUBLED = (State.FAILED, State.UNSURE)
"""The states in which a person has to decide."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One row of the outbox.

    id: made of what the letter is about, so that the same thing is never announced twice.
    to: one address. due: not to be tried before. until: given up when it was not taken by then.
    tries: how often it was taken in hand; whoever holds an older number has lost it.
    error: what the last try said. via: the name of the carrier that took it.
    """

    id: str
    kind: Kind
    to: str
    lang: str
    created: datetime
    due: datetime
    until: datetime
    ticket_id: str | None = None
    message_id: str | None = None
    state: State = State.WAITING
    tries: int = 0
    error: str = ""
    sent: datetime | None = None
    via: str = ""


def letter_id(kind: Kind, about: str) -> str:
    """The id of the one letter of this kind about a thing: 32 hexadecimal digits."""
    return hashlib.sha256(f"{kind}\0{about}".encode()).hexdigest()[:32]
