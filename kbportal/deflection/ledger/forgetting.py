"""Taking visitors out of the facts once the events are gone that they were counted from.

A whole month at a time, with one key that is drawn for it and never kept: within the month people
who came again are still one, as the numbers need it, and a cookie lives no longer anyhow.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from kbportal.deflection.facts.day import DayFacts, FactsUnreadable, from_bytes, to_bytes
from kbportal.deflection.facts.forgetting import forgotten
from kbportal.deflection.ledger.ports import FORGOTTEN, FactStore, Mark

_FIRST = date(1970, 1, 1)


def forget_visitors(store: FactStore) -> int:
    """Take visitors and queries out of all months whose events are gone; how many days it were.

    Safe to be ended and called again at any time. Raises a PortalError.
    """
    complete_from = store.purged_before()
    if complete_from is None:
        return 0
    gone = store.marks(_FIRST, complete_from - timedelta(days=1))
    left = {day: mark for day, mark in gone.items() if not mark.is_forgotten}
    done = 0
    for month, days in groupby(sorted(left), key=lambda day: day.replace(day=1)):
        if _next(month) <= complete_from:
            done += _forget(store, {day: left[day] for day in days})
    return done


def _forget(store: FactStore, marks: Mapping[date, Mark]) -> int:
    data = store.facts(marks)
    readable = [facts for one in data.values() if (facts := _read(one)) is not None]
    # What no version of ours can read serves nobody, and may hold anything.
    changed = dict.fromkeys(data, b"")
    for facts in forgotten(readable, key=secrets.token_bytes(32)):
        changed[facts.day] = to_bytes(facts)
    store.rewrite({day: (_marked(marks[day]), one) for day, one in changed.items()})
    return len(changed)


def _read(data: bytes) -> DayFacts | None:
    try:
        return from_bytes(data)
    except FactsUnreadable:
        return None


def _marked(mark: Mark) -> Mark:
    """Different from before and from every other, so that nobody goes on with what they hold."""
    return replace(mark, fingerprint=f"{FORGOTTEN}{secrets.token_hex(16)}")


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
