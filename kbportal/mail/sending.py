"""One round of sending: take a letter in hand, write it, hand it over, note how that ended.

A letter is never sent twice by itself. Its row says before each step what is about to be done:
what ended before the text went over is tried again; what ended while it went over is unsure, and
a person decides (decision 15).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kbportal.kernel.clock import Clock
from kbportal.kernel.ids import token_digest
from kbportal.mail.account_words import ACCOUNT
from kbportal.mail.content import Content, requests_in
from kbportal.mail.digest_words import INSIGHTS
from kbportal.mail.errors import Postponed, Refused, Unreachable, Unsure
from kbportal.mail.message import Sender, as_message
from kbportal.mail.model import Letter, State
from kbportal.mail.ports import Carrier, Outbox
from kbportal.mail.rules import pause
from kbportal.mail.words import House, write

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Office:
    """All that letters of this portal have in common.

    site_url: what the addresses in letters begin with. secret: the portal's signing key, of which
    the secrets in those addresses are made. name: which sender this is, for its claims.
    """

    house: House
    sender: Sender
    site_url: str
    languages: tuple[str, ...]
    secret: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Round:
    """What came of the letters that were due."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    unsure: int = 0
    void: int = 0
    reachable: bool = True


class _Lost(Exception):
    """Somebody else has this letter now."""


def send_due(
    outbox: Outbox,
    carrier: Carrier,
    office: Office,
    *,
    clock: Clock,
    chance: Callable[[], float],
    go_on: Callable[[], bool] = lambda: True,
) -> Round:
    """Send every letter that is due; stops at the first that finds the server away."""
    ended: dict[State, int] = {}
    reachable = True
    while reachable and go_on():
        letter = outbox.claim(sender=office.name, now=clock())
        if letter is None:
            break
        state, reachable = _send(letter, outbox, carrier, office, clock=clock, chance=chance)
        ended[state] = ended.get(state, 0) + 1
    return Round(
        sent=ended.get(State.SENT, 0),
        postponed=ended.get(State.WAITING, 0),
        failed=ended.get(State.FAILED, 0),
        unsure=ended.get(State.UNSURE, 0),
        void=ended.get(State.VOID, 0),
        reachable=reachable,
    )


def link_token(secret: bytes, letter: Letter, ticket_id: str) -> str:
    """The secret of a ticket's address in one letter, stored nowhere.

    Another one at each try, so that links that were revoked meanwhile do not go out.
    """
    said = f"mail-link\0{letter.id}\0{letter.tries}\0{ticket_id}".encode()
    mac = hmac.new(secret, said, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def _send(
    letter: Letter, outbox: Outbox, carrier: Carrier, office: Office, *,
    clock: Clock, chance: Callable[[], float],
) -> tuple[State, bool]:  # fmt: skip
    """Try one letter; its new state, and whether the server could be reached."""
    content = outbox.content(letter)
    if content is None:
        outbox.settle(letter, State.VOID, now=clock())
        return State.VOID, True
    state, error, due, reachable = State.SENT, "", None, True
    try:
        _carry(letter, content, outbox, carrier, office, now=clock())
    except _Lost:
        return State.SENDING, True
    except Refused as refusal:
        state, error = State.FAILED, str(refusal)
    except Unsure as doubt:
        state, error = State.UNSURE, str(doubt)
    except (Postponed, Unreachable) as delay:
        error, reachable = str(delay), not isinstance(delay, Unreachable)
        due = clock() + pause(letter.tries, chance=chance())
        state = State.WAITING if due < letter.until else State.FAILED
    outbox.settle(letter, state, now=clock(), due=due, error=error, via=carrier.name)
    # The address stays out of the log; the ticket says whose letter it is.
    _log.log(
        logging.INFO if state is State.SENT else logging.WARNING,
        "letter %s (%s): %s %s", letter.id, letter.kind, state, error,
    )  # fmt: skip
    return state, reachable


def _carry(
    letter: Letter, content: Content, outbox: Outbox, carrier: Carrier, office: Office, *,
    now: datetime,
) -> None:  # fmt: skip
    lang = letter.lang if letter.lang in office.languages else office.languages[0]
    tokens = {
        one.ticket_id: link_token(office.secret, letter, one.ticket_id)
        for one in requests_in(content)
    }
    links = {id_: f"{office.site_url}/{lang}/tickets/{token}" for id_, token in tokens.items()}
    links |= {INSIGHTS: f"{office.site_url}/insights/", ACCOUNT: f"{office.site_url}/account/"}
    written = write(content, lang=lang, links=links, house=office.house)
    message = as_message(letter, written, sender=office.sender, now=now)
    outbox.keep_links({id_: token_digest(token) for id_, token in tokens.items()}, now=now)

    def handing() -> None:
        if not outbox.handing(letter):
            raise _Lost

    carrier.carry(message, to=letter.to, handing=handing)
