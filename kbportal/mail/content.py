"""What letters tell, as facts: the store gathers them when a letter leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kbportal.mail.digest import Digest
from kbportal.mail.model import Kind


@dataclass(frozen=True, slots=True)
class Request:
    """A ticket as its requester knows it."""

    ticket_id: str
    number: int
    subject: str


@dataclass(frozen=True, slots=True)
class Received:
    """We have it. Says nothing that the sender typed: the address may be a stranger's."""

    request: Request


@dataclass(frozen=True, slots=True)
class Replied:
    """An agent wrote this."""

    request: Request
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Solved:
    """An agent declares it solved; author and text are empty where nothing was written with it."""

    request: Request
    author: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """The pages of these requests, newest first."""

    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """What was done to the reader's own account, and when. codes_left: recovery codes unused."""

    what: Kind
    at: datetime
    codes_left: int


Content = Received | Replied | Solved | Links | Digest | AccountChanged


def requests_in(content: Content) -> tuple[Request, ...]:
    """The requests whose pages a letter leads to."""
    match content:
        case Links():
            return content.requests
        case Digest() | AccountChanged():
            return ()
        case _:
            return (content.request,)
