"""Enforcing how long things are kept: once a day by the server, at any time by a command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kbportal.mail.postman import KEPT as LETTERS_KEPT
from kbportal.people.throttle import WINDOW
from kbportal.privacy.model import Limits, Swept
from kbportal.privacy.ports import PrivacyStore
from kbportal.tickets.attachments import ABANDONED_AFTER, Keeping, tidy_up
from kbportal.tickets.ports import DraftStore


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days things are kept; tickets for ever with 0."""

    events_d: int
    tickets_d: int = 0


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are kept."""

    store: PrivacyStore
    drafts: DraftStore
    files: Keeping


def limits(kept: Retention, *, now: datetime) -> Limits:
    """What is older than these moments goes now."""
    events = now - timedelta(days=kept.events_d)
    return Limits(
        now=now,
        events=events,
        comments=events,
        failures=now - WINDOW,
        letters=now - LETTERS_KEPT,
        unsent=now - ABANDONED_AFTER,
        tickets=now - timedelta(days=kept.tickets_d) if kept.tickets_d else None,
    )


def due(places: Places, kept: Retention, *, now: datetime) -> Swept:
    """What `sweep` would delete."""
    return places.store.due(limits(kept, now=now))


def sweep(places: Places, kept: Retention, *, now: datetime) -> Swept:
    """Delete what is older than it may be; safe to be ended and run again at any time.

    Raises:
        StorageUnavailable: A part of it may be done.
    """
    tidied = tidy_up(places.drafts, places.files, now=now)
    swept, stored = places.store.sweep(limits(kept, now=now))
    places.files.files.drop(stored)
    return replace(swept, drafts=tidied.drafts, files=tidied.files)
