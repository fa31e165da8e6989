"""When a letter may go: no flood to an address whose owner never asked for anything.

Anybody can type a stranger's address into a form. Until its owner has used a link that came by
mail, an address gets one letter an hour at most, whatever it is about.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from kbportal.mail.model import ABOUT_ACCOUNTS, Kind, Letter

APART = timedelta(hours=1)
"""Between two letters to an address that is not proven."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(hours=72)
"""A server that is away over a long weekend costs no letter."""


def when(
    letter: Letter, *, proven: bool, last: datetime | None, last_alike: datetime | None
) -> datetime | None:
    """The moment from which a letter may go; None when it must not be written at all.

    Confirmations beyond the first of an hour are left out, and links that were asked for twice;
    what an agent says is only put off. What was done to an account is told at once: it needed a
    password, a code or an administrator, and whoever did not do it must hear of it now.

    Args:
        proven: Whether the owner of the address has used a link that was mailed to it.
        last: When the latest other letter to this address is due or went.
        last_alike: The same for letters of this kind.
    """
    if letter.kind in ABOUT_ACCOUNTS:
        return letter.due
    if letter.kind is Kind.LINKS and last_alike and last_alike > letter.due - APART:
        return None
    if proven or last is None or last <= letter.due - APART:
        return letter.due
    if letter.kind is Kind.RECEIVED:
        return None
    return last + APART


def pause(tries: int, *, chance: float) -> timedelta:
    """How long to wait after so many tries: doubled each time, an hour at most, scattered.

    Args:
        chance: A random number from 0 to 1; it takes away up to half of the pause.
    """
    doubled = FIRST_PAUSE * float(2 ** min(max(tries, 1) - 1, 10))
    return min(doubled, LONGEST_PAUSE) * (1 - chance / 2)
