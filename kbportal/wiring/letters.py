"""How letters leave, and who sends them."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kbportal.mail.ports import Carrier
from kbportal.settings import Settings

if TYPE_CHECKING:
    from kbportal.mail.digest import Digest
    from kbportal.mail.postman import Postman
    from kbportal.mail.sending import Office
    from kbportal.wiring.portal import Portal

OUTGOING = "outgoing"
"""Folder of the instance that holds letters where no mail server is set."""


def choose_carrier(settings: Settings, *, say: Callable[[str], None]) -> Carrier:
    """The mail server that the settings name; without one, letters become files.

    Args:
        say: Tells the operator where such a file is.

    Raises:
        SettingsInvalid: The file with the password cannot be read.
    """
    if not settings.sends_mail:
        from kbportal.mail.console import ConsoleCarrier

        return ConsoleCarrier(settings.instance / OUTGOING, say=say)
    from kbportal.mail.smtp import Server, SmtpCarrier

    return SmtpCarrier(
        Server(
            host=settings.mail_host,
            port=settings.mail_port,
            security=settings.mail_security,
            user=settings.mail_user,
            password=settings.password_for_mail(),
        )
    )


def mail_office(settings: Settings, *, address: str = "http://127.0.0.1:8000") -> Office:
    """What letters of this portal have in common.

    Args:
        address: Where the portal answers, for links where no site_url is set.
    """
    from kbportal.mail.message import Sender
    from kbportal.mail.sending import Office
    from kbportal.mail.words import House

    return Office(
        house=House(settings.site_name, settings.reply_time_h, settings.contact_hours),
        sender=Sender(settings.site_name, settings.mail_from or "help@portal.invalid"),
        site_url=(settings.site_url or address).rstrip("/"),
        languages=settings.languages,
        secret=settings.secret_key().encode(),
        name=f"{socket.gethostname()}:{settings.instance}"[:300],
    )


def mail_lock(settings: Settings) -> Path:
    """The file whose lock lets one process send at a time."""
    return settings.instance / "mail.lock"


def hire_postman(portal: Portal, *, address: str, say: Callable[[str], None]) -> Postman:
    """What sends this portal's letters while it serves; start it in the process that serves."""
    from kbportal.mail.postman import Postman

    return Postman(
        portal.outbox,
        choose_carrier(portal.settings, say=say),
        mail_office(portal.settings, address=address),
        lock=mail_lock(portal.settings),
        clock=portal.clock,
    )


def write_digests(portal: Portal) -> int:
    """Put this week's letters to managers into the outbox, once; how many were written.

    To be called every so often, by any number of processes.
    """
    from kbportal.deflection.digest import days_of, digest, top_missing, write_letters
    from kbportal.deflection.period import Period, days

    now = portal.clock()

    def make(week: date) -> Digest:
        period = days(*days_of(week))
        before = Period(period.since - (period.until - period.since), period.since)
        portal.reports.ledger.refresh(Period(before.since, period.until), now=now)
        reports = (portal.reports.report(one, now=now) for one in (period, before))
        missing = top_missing(portal.gaps)
        return digest(*reports, week=week, currency=portal.settings.currency, missing=missing)

    return write_letters(portal.digests, portal.outbox, make=make, now=now)
