"""The managers' reports: facts brought up to date, added up, and remembered while they hold."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from kbportal.deflection.ledger import Books, Ledger
from kbportal.deflection.model import Note, Report, ServiceFacts
from kbportal.deflection.period import Period
from kbportal.deflection.report import ALL, MOST_QUERIES, report
from kbportal.deflection.stack import Narrowed

RECOGNISED_FOR = timedelta(hours=48)
"""How long the identity ``daily`` knows somebody."""
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
        service = self._service.facts(period.since, period.until, lang=narrowed.lang)
        key: _Key = (period, narrowed, most_queries, service, books.fingerprint, books.notes)
        made = self._remembered(
            key, lambda: self._made(books, period, now, narrowed, service, most_queries),
            holds=books.is_final,
        )  # fmt: skip
        return replace(made, now=now, made_at=books.made_at or now)

    def _made(
        self,
        books: Books,
        period: Period,
        now: datetime,
        narrowed: Narrowed,
        service: ServiceFacts,
        most_queries: int | None,
    ) -> Report:
        return report(
            books.facts,
            period=period,
            now=now,
            windows=self.ledger.windows,
            narrowed=narrowed,
            cost_per_ticket=self._cost,
            service=service,
            notes=[*self._about_identity(), *books.notes],
            most_queries=most_queries,
        )

    def _about_identity(self) -> list[Note]:
        windows = self.ledger.windows
        longest = max(windows.lookback, windows.horizon, windows.durability)
        return ["daily_identity"] if self._identity == "daily" and longest > RECOGNISED_FOR else []

    def _remembered(self, key: _Key, make: Callable[[], Report], *, holds: bool) -> Report:
        """A report of days that have settled is made once."""
        with self._lock:
            if (known := self._known.get(key)) is not None:
                self._known.move_to_end(key)
                return known
        made = make()
        if holds:
            with self._lock:
                self._known[key] = made
                while len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
        return made
