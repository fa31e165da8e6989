"""A letter as a mail: headers that nobody's text can add to, and a thread per ticket."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from kbportal.kernel.addresses import is_address
from kbportal.kernel.text import normalise, shorten
from kbportal.mail.errors import Refused
from kbportal.mail.model import Kind, Letter
from kbportal.mail.words import Written

_SURROGATES = re.compile("[\ud800-\udfff]")
_SPECIALS = set('()<>[]:;@\\,"')
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom letters come from: a name to show and an address."""

    name: str
    address: str


def as_message(letter: Letter, written: Written, *, sender: Sender, now: datetime) -> EmailMessage:
    """The mail of a letter; the same letter has the same Message-ID at every try.

    Raises:
        Refused: One of the addresses is not exactly one mailbox.
    """
    to, own = _address(letter.to, ""), _address(sender.address, sender.name)
    is_ascii = letter.to.partition("@")[0].isascii()
    message = EmailMessage(policy=SMTP if is_ascii else SMTPUTF8)
    message["From"], message["To"] = own, to
    message["Subject"] = normalise(_SURROGATES.sub("", written.subject))
    message["Date"] = format_datetime(now)
    _thread(message, letter, own.domain)
    # Holiday notices and the like must not answer.
    message["Auto-Submitted"] = "auto-generated"
    text = _SURROGATES.sub("", written.text).replace("\0", "")
    message.set_content(text + "\n", cte="quoted-printable")
    return message


def _thread(message: EmailMessage, letter: Letter, domain: str) -> None:
    """The first letter about a ticket begins the thread to which all others belong."""
    first = f"<ticket.{letter.ticket_id}@{domain}>"
    if letter.kind is Kind.RECEIVED:
        message["Message-ID"] = first
        return
    message["Message-ID"] = f"<letter.{letter.id}@{domain}>"
    if letter.ticket_id:
        message["In-Reply-To"] = message["References"] = first


def _address(address: str, name: str) -> Address:
    if not is_address(address):
        raise Refused("the address is not exactly one mailbox")
    local, _, domain = address.partition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Refused("the domain of the address cannot exist") from error
    return Address(display_name=_name(name), username=local, domain=ascii_domain)


def _name(name: str) -> str:
    """A name without the signs that mean something in an address."""
    plain = "".join(" " if char in _SPECIALS else char for char in _SURROGATES.sub("", name))
    return shorten(normalise(plain), LONGEST_NAME)
