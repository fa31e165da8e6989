"""What letters tell, as facts: the store gathers them when a letter leaves."""

from __future__ import annotations

from dataclasses import dataclass

from kbportal.mail.digest import Digest


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


Content = Received | Replied | Solved | Links | Digest


def requests_in(content: Content) -> tuple[Request, ...]:
    """The requests whose pages a letter leads to."""
    match content:
        case Links():
            return content.requests
        case Digest():
            return ()
        case _:
            return (content.request,)
