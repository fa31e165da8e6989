"""The carrier for a real mail server.

Each step of the exchange is taken on its own, because it decides what a failure means: before the
text goes over a letter may simply be tried again, after that nobody knows whether it arrived.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage

from kbportal.mail.errors import Postponed, Refused, Unreachable, Unsure

_DOT = re.compile(rb"(?m)^\.")
_FAILURES = (OSError, smtplib.SMTPException)


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. security: starttls, tls or none. final_s: patience for its last word."""

    host: str
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = ""
    timeout_s: float = 20.0
    final_s: float = 120.0


class SmtpCarrier:
    """Hands each letter to a server over a connection of its own."""

    name = "smtp"

    def __init__(self, server: Server, *, trust: ssl.SSLContext | None = None) -> None:
        self._server, self._trust = server, trust

    def carry(self, message: EmailMessage, *, to: str, handing: Callable[[], None]) -> None:
        connection = self._connect(message["From"].addresses[0].domain)
        try:
            self._address(connection, message)
            _expect(354, *_asked(lambda: connection.docmd("data")))
            handing()
            self._hand_over(connection, message.as_bytes())
        finally:
            _leave(connection)

    def _connect(self, name: str) -> smtplib.SMTP:
        """A connection that may be used; none stays open when it may not."""
        server, connection = self._server, None
        try:
            connection = self._open(name)
            self._sign_in(connection)
        except _FAILURES as error:
            if connection is not None:
                connection.close()
            raise Unreachable(f"{server.host}:{server.port}: {_said(error)}") from error
        return connection

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        if self._server.security == "starttls":
            # Raises where the server offers none: a password never goes over an open line.
            connection.starttls(context=self._context())
        if self._server.user:
            connection.login(self._server.user, self._server.password)
        else:
            connection.ehlo_or_helo_if_needed()

    def _open(self, name: str) -> smtplib.SMTP:
        host, port, patience = self._server.host, self._server.port, self._server.timeout_s
        if self._server.security == "tls":
            return smtplib.SMTP_SSL(
                host, port, local_hostname=name, timeout=patience, context=self._context()
            )
        return smtplib.SMTP(host, port, local_hostname=name, timeout=patience)

    def _context(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()

    def _address(self, connection: smtplib.SMTP, message: EmailMessage) -> None:
        """Say from whom and to whom."""
        sender, to = message["From"].addresses[0], message["To"].addresses[0]
        options = [] if to.username.isascii() else ["SMTPUTF8"]
        if options and not connection.has_extn("smtputf8"):
            raise Refused("the server takes no address with letters beyond ASCII")
        code, said = _asked(lambda: connection.mail(sender.addr_spec, options))
        if code != 250:
            # It is us who are refused here: another letter would fare no better.
            raise Unreachable(f"{code} {_text(said)}")
        _expect(250, *_asked(lambda: connection.rcpt(to.addr_spec)), also=251)

    def _hand_over(self, connection: smtplib.SMTP, data: bytes) -> None:
        """Send the text; from here on a broken connection leaves it open whether it arrived."""
        try:
            if connection.sock:
                connection.sock.settimeout(self._server.final_s)
            connection.send(_framed(data))
            code, said = connection.getreply()
        except _FAILURES as error:
            raise Unsure(
                f"the connection broke while it was handed over: {_said(error)}"
            ) from error
        _expect(250, code, said)


def _framed(data: bytes) -> bytes:
    """A text as it goes over the line: no line is a single dot but the last."""
    end = b"" if data.endswith(b"\r\n") else b"\r\n"
    return _DOT.sub(b"..", data) + end + b".\r\n"


def _leave(connection: smtplib.SMTP) -> None:
    """Say goodbye, without waiting long for an answer."""
    with suppress(*_FAILURES):
        if connection.sock:
            connection.sock.settimeout(2)
        connection.quit()
    connection.close()


def _asked(step: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
    try:
        return step()
    except _FAILURES as error:
        raise Unreachable(_said(error)) from error


def _expect(wanted: int, code: int, said: bytes, *, also: int = 0) -> None:
    if code in {wanted, also}:
        return
    answer = f"{code} {_text(said)}"
    raise Refused(answer) if 500 <= code < 600 else Postponed(answer)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return (str(error) or type(error).__name__)[:300]


def _text(said: bytes | str) -> str:
    """What a server said, in one line."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300]
