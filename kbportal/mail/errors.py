"""What can happen to a letter on its way to a mail server."""

from __future__ import annotations

from typing import ClassVar

from kbportal.kernel.errors import PortalError


class Unreachable(PortalError):
    """No letter can leave now: the server is away, refuses us, or offers no encryption."""

    code: ClassVar[str] = "mail_unreachable"


class Postponed(PortalError):
    """The server wants this letter later."""

    code: ClassVar[str] = "mail_postponed"


class Refused(PortalError):
    """The server, or a rule of ours, will never take this letter."""

    code: ClassVar[str] = "mail_refused"


class Unsure(PortalError):
    """The connection broke after the text was handed over: it may have arrived or not."""

    code: ClassVar[str] = "mail_unsure"
