"""Whether what an operator says about the mail server can work; every mistake at once."""

from __future__ import annotations

from collections.abc import Iterator

from kbportal.kernel.addresses import is_address

SECURITY = ("starttls", "tls", "none")
_OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}


def mistakes(
    *, host: str, port: int, security: str, user: str, password: bool, sender: str, site_url: str
) -> Iterator[str]:
    """What is wrong with the settings of the mail server.

    Args:
        password: Whether one is given, by whatever way.
        sender: The address that letters come from.
    """
    if security not in SECURITY:
        yield "mail_security: say 'starttls', 'tls' or 'none'"
    if not 1 <= port <= 65_535:
        yield "mail_port: must be from 1 to 65535"
    if sender and not is_address(sender):
        yield "mail_from: must be one address like help@example.com"
    if not host:
        return
    if not sender:
        yield "mail_from: is needed with mail_host"
    if not site_url:
        yield "site_url: is needed with mail_host, for the links in letters"
    if user and not password:
        yield "mail_password: is needed with mail_user"
    if user and security == "none" and host not in _OWN_MACHINE:
        yield "mail_security: a password must not go over an open line; say 'starttls' or 'tls'"
