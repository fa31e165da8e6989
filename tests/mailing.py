"""Letters and mail servers for tests: builders, an office, and a real server that misbehaves."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from kbportal.mail.message import Sender
from kbportal.mail.model import Kind, Letter, letter_id
from kbportal.mail.rules import GIVEN_UP_AFTER
from kbportal.mail.sending import Office
from kbportal.mail.words import House
from tests.builders import NOON

HOUSE = House("Acme Help", 24, "Monday to Friday")
SENDER = Sender("Acme Help", "help@acme.example")


def an_office(**facts: Any) -> Office:
    """An office that writes in English and Slovak."""
    whole: dict[str, Any] = {
        "house": HOUSE,
        "sender": SENDER,
        "site_url": "https://help.acme.example",
        "languages": ("en", "sk"),
        "secret": b"a key of the portal",
        "name": "this sender",
    }
    return Office(**(whole | facts))


def a_letter(kind: Kind = Kind.LINKS, **facts: Any) -> Letter:
    """A letter that waits since NOON."""
    whole: dict[str, Any] = {
        "id": letter_id(kind, str(facts.get("to", "jana@example.com"))),
        "kind": kind,
        "to": "jana@example.com",
        "lang": "en",
        "created": NOON,
        "due": NOON,
        "until": NOON + GIVEN_UP_AFTER,
    }
    return Letter(**(whole | facts))


@dataclass
class Mailbox:
    """What arrived at a server, and how it behaves: answers by step, or a mishap.

    answers: ``MAIL``, ``RCPT`` or ``DATA`` → what is said instead of yes.
    drop: hang up when a text has come. slow_s: wait so long before the last word.
    """

    host: str = "127.0.0.1"
    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    slow_s: float = 0.0
    logins: list[bytes] = field(default_factory=list)
    arrived: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    def let_in(self, server: SMTP, session: Session, envelope: Envelope, how: str,
               data: LoginPassword) -> AuthResult:  # fmt: skip
        """Anybody whose password is "secret"."""
        self.logins.append(data.login)
        return AuthResult(success=data.password == b"secret", handled=False)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 fine"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        self.arrived.append(message_from_bytes(content, policy=default))  # type: ignore[arg-type]
        self.recipients += envelope.rcpt_tos
        if self.drop:
            assert server.transport is not None
            server.transport.abort()
        await asyncio.sleep(self.slow_s)
        return "250 taken"


def a_free_port() -> int:
    """A port at which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_mail_server(*, tls: ssl.SSLContext | None = None, **behaviour: Any) -> Iterator[Mailbox]:
    """A server on a port of its own, and what arrives there.

    With `tls` it takes letters only after STARTTLS and a name with a password.
    """
    mailbox = Mailbox(**{"port": a_free_port()} | behaviour)
    guarded: dict[str, Any] = {}
    if tls:
        guarded = {"tls_context": tls, "require_starttls": True, "auth_required": True,
                   "authenticator": mailbox.let_in}  # fmt: skip
    controller = Controller(
        mailbox, hostname=mailbox.host, port=mailbox.port, enable_SMTPUTF8=True, **guarded
    )
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


HOUR = timedelta(hours=1)
