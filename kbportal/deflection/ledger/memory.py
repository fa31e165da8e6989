"""Day facts at hand, so that a page need not fetch and unpack them each time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date

from kbportal.deflection.facts.day import DayFacts, FactsUnreadable, from_bytes
from kbportal.deflection.ledger.ports import FactStore, Mark

MOST_BYTES = 64 * 1024 * 1024
"""Unpacked facts that one process keeps: half a year of 30,000 events a day."""


class Memory:
    """The days that were used last, by what they were counted from."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._size = most_bytes, 0
        self._days: OrderedDict[date, tuple[Mark, DayFacts]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, wanted: Mapping[date, Mark], store: FactStore) -> tuple[DayFacts, ...]:
        """The facts of these days, oldest first; those that cannot be read are left out."""
        with self._lock:
            known = {
                day: self._days[day][1]
                for day, mark in wanted.items()
                if day in self._days and self._days[day][0] == mark
            }
        fetched = store.facts([day for day in wanted if day not in known])
        for day, data in fetched.items():
            try:
                known[day] = from_bytes(data)
            except FactsUnreadable:
                continue
        with self._lock:
            for day in sorted(known):
                self._keep(day, wanted[day], known[day])
        return tuple(known[day] for day in sorted(known))

    def _keep(self, day: date, mark: Mark, facts: DayFacts) -> None:
        before = self._days.pop(day, None)
        if before is not None and before[1] is facts:
            self._days[day] = before
            return
        if before is not None:
            self._size -= size_of(before[1])
        self._days[day] = (mark, facts)
        self._size += size_of(facts)
        while self._size > self._most and len(self._days) > 1:
            _, (_, gone) = self._days.popitem(last=False)
            self._size -= size_of(gone)


def size_of(facts: DayFacts) -> int:
    """About how many bytes the columns take."""
    return len(facts.texts) + sum(
        column.nbytes for table in facts.tables.values() for column in table.values()
    )
