"""The managers' reports: facts brought up to date, added up, and remembered while they hold."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from kbportal.deflection.contents import Report
from kbportal.deflection.facts.stack import Narrowed
from kbportal.deflection.ledger.books import RESTS_SHORTLY, Books
from kbportal.deflection.ledger.ledger import Ledger
from kbportal.deflection.model import Note, ServiceFacts
from kbportal.deflection.period import Period
from kbportal.deflection.report import ALL, MOST_QUERIES, report
from kbportal.events.catalog import Surface

RECOGNISED_FOR = timedelta(hours=48)
"""How long the identity ``daily`` knows somebody, and the widget whatever the setting."""
WIDGET_COUNTS = 0.1
"""From what part of the episodes on its short memory must be told: about half a point of the rate
of tickets. Where a third came through the widget, simulated sites told 1.6 points too little.
"""
REMEMBERED = 16

_Key = tuple[object, ...]


class Service(Protocol):
    """What became of tickets."""

    def facts(self, since: datetime, until: datetime, *, lang: str | None = None) -> ServiceFacts:
        """Of those that were created since <= then < until."""
        ...


class Reporter:
    """Where reports are asked for.

    Args:
        identity: How visitors are told apart, as the setting says.
    """

    def __init__(
        self,
        ledger: Ledger,
        service: Service,
        *,
        cost_per_ticket: float | None,
        identity: str = "cookie",
    ) -> None:
        self.ledger, self._service = ledger, service
        self._cost, self._identity = cost_per_ticket, identity
        self._known: OrderedDict[_Key, Report] = OrderedDict()
        self._service_known: dict[_Key, tuple[datetime, timedelta, ServiceFacts]] = {}
        self._lock = threading.Lock()

    def report(
        self,
        period: Period,
        *,
        now: datetime,
        narrowed: Narrowed = ALL,
        most_queries: int | None = MOST_QUERIES,
    ) -> Report:
        """A period's report of the facts that there are; see ``Ledger`` for bringing them up."""
        books = self.ledger.books(period, now=now)
        service = self._served(period, narrowed.lang, now)
        # What has settled stays; what has not is the same until more of it settles: for a minute.
        moment = None if books.is_final else now.replace(second=0, microsecond=0)
        key: _Key = (
            period, narrowed, most_queries, service, books.fingerprint, books.notes, moment,
        )  # fmt: skip

        def make() -> Report:
            return self._made(books, period, now, narrowed, service, most_queries)

        # With all its queries, which are for a file, it may take a hundred megabytes.
        made = make() if most_queries is None else self._remembered(key, make)
        return replace(made, now=now, made_at=books.made_at or now)

    def _served(self, period: Period, lang: str | None, now: datetime) -> ServiceFacts:
        """Counted anew unless that takes long and was done a moment ago."""
        key = (period, lang)
        if (known := self._service_known.get(key)) and timedelta() <= now - known[0] < known[
            1
        ] * RESTS_SHORTLY:
            return known[2]
        began = time.perf_counter()
        found = self._service.facts(period.since, period.until, lang=lang)
        took = timedelta(seconds=time.perf_counter() - began)
        if len(self._service_known) >= REMEMBERED:
            self._service_known.clear()
        self._service_known[key] = (now, took, found)
        return found

    def _made(
        self,
        books: Books,
        period: Period,
        now: datetime,
        narrowed: Narrowed,
        service: ServiceFacts,
        most_queries: int | None,
    ) -> Report:
        made = report(
            books.facts,
            period=period,
            now=now,
            windows=self.ledger.windows,
            narrowed=narrowed,
            cost_per_ticket=self._cost,
            service=service,
            notes=books.notes,
            most_queries=most_queries,
        )
        return replace(made, notes=(*self._about_identity(made), *made.notes))

    def _about_identity(self, made: Report) -> list[Note]:
        windows = self.ledger.windows
        if max(windows.lookback, windows.horizon, windows.durability) <= RECOGNISED_FOR:
            return []
        if self._identity == "daily":
            return ["daily_identity"]
        return ["widget_identity"] if _by_widget(made) >= WIDGET_COUNTS else []

    def _remembered(self, key: _Key, make: Callable[[], Report]) -> Report:
        """What was asked for last is made once."""
        with self._lock:
            if (known := self._known.get(key)) is not None:
                self._known.move_to_end(key)
                return known
        made = make()
        with self._lock:
            self._known[key] = made
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return made


def _by_widget(made: Report) -> float:
    """The part of the episodes that came through the widget."""
    parts = {part.key: part.counts.F for part in made.breakdowns["surface"]}
    return parts.get(Surface.WIDGET, 0) / max(1, sum(parts.values()))
