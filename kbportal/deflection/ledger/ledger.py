"""The facts of every day, kept up to date: only what is out of date is counted again.

A day is out of date when it was counted by other rules, windows or staff, or when an event was
written since that lies in its reading window. So a day whose windows have closed is counted no
more, unless an event arrives late; and whoever counts twice counts the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from kbportal.deflection.facts.day import FACTS_VERSION, READABLE, to_bytes
from kbportal.deflection.ledger.books import RESTS, Books, Stale, affordable
from kbportal.deflection.ledger.memory import Memory
from kbportal.deflection.ledger.ports import FactStore, Mark
from kbportal.deflection.model import Note, Windows
from kbportal.deflection.period import Period
from kbportal.deflection.reading.noise import RULES_VERSION
from kbportal.deflection.reading.roll_up import roll_up_from
from kbportal.deflection.reading.source import Source
from kbportal.deflection.reading.window import closes_regularly, looks_back
from kbportal.kernel.turns import turn

DAY = timedelta(days=1)
AT_ONCE = timedelta(milliseconds=100)
"""So much work is always done before a page is shown."""
AT_MOST = timedelta(milliseconds=150)
"""So much of more work, the newest days first."""
PER_EVENT = timedelta(microseconds=40)
"""What counting takes for each event, where a day was never counted."""
WAITS_S = 0.3
"""How long a page waits for another process that counts."""


@dataclass(frozen=True, slots=True)
class _State:
    arrivals: Mapping[date, int]
    marks: Mapping[date, Mark]
    complete_from: date | None
    staff: frozenset[str]
    staff_digest: str


class Ledger:
    """Day facts in a store, counted from a source of events.

    Args:
        staff: Gives the ids of the staff's accounts.
        lock: A file by which processes take turns.
    """

    def __init__(
        self,
        store: FactStore,
        source: Source,
        *,
        windows: Windows,
        staff: Callable[[], frozenset[str]],
        lock: Path,
    ) -> None:
        self._store, self._source = store, source
        self._windows, self._staff, self._lock = windows, staff, lock
        self._memory = Memory()
        self.rules = _rules(windows, FACTS_VERSION)
        self._readable = {_rules(windows, version) for version in READABLE}

    @property
    def windows(self) -> Windows:
        return self._windows

    def books(self, period: Period, *, now: datetime) -> Books:
        """The facts of a period as far as they were counted."""
        wanted = _until_today(period, now)
        state = self._state(wanted)
        usable = {day: m for day, m in state.marks.items() if m.rules in self._readable}
        facts = self._memory.get(usable, self._store)
        stale = {one.day for one in self._stale(wanted, state, now)}
        notes: list[Note] = []
        unread = len(usable) - len(facts)
        if unread or set(state.marks) - set(usable) - stale:
            notes.append("days_missing")
        if any(mark.is_forgotten for mark in usable.values()):
            notes.append("queries_forgotten")
        if stale:
            notes.append("days_behind")
        open_ones = [m.made_at for day, m in usable.items() if m.closes > now or day in stale]
        prints = "".join(f"{day}{mark.fingerprint}" for day, mark in sorted(usable.items()))
        return Books(
            facts=facts,
            notes=tuple(notes),
            made_at=min(open_ones, default=None),
            is_final=not stale and not open_ones and period.until <= now,
            fingerprint=sha256(prints.encode()).hexdigest(),
        )

    def stale(self, period: Period, *, now: datetime) -> list[Stale]:
        """The days that are out of date, newest first."""
        wanted = _until_today(period, now)
        return self._stale(wanted, self._state(wanted), now)

    def refresh_at_once(self, period: Period, *, now: datetime) -> None:
        """Before a page is shown: count what can be counted in a moment."""
        found = self.stale(period, now=now)
        if not found:
            return
        if sum((one.takes for one in found), timedelta()) > AT_ONCE:
            found = affordable([one for one in found if one.has_rested(now)], AT_MOST)
        self._count(found, now=now, wait_s=WAITS_S)

    def refresh(self, period: Period, *, now: datetime) -> int:
        """Count all that is out of date; how many days it were."""
        return self._count(self.stale(period, now=now), now=now, wait_s=None)

    def refresh_by_the_way(
        self, period: Period, *, now: datetime, go_on: Callable[[], bool] = lambda: True
    ) -> int:
        """As a background job: every day seldom enough to cost a hundredth of the time.

        Days that stay open only because somebody comes back and back are counted once a day.
        """
        due = [one for one in self.stale(period, now=now) if self._is_due(one, now)]
        return self._count(due, now=now, wait_s=0, go_on=go_on)

    def rebuild(self, period: Period, *, now: datetime) -> int:
        """Count every day again of which the events are there; how many days it were."""
        wanted = _until_today(period, now)
        state = self._state(wanted)
        days = [Stale(d, timedelta(), None) for d in wanted if self._is_countable(d, state)]
        return self._count(days, now=now, wait_s=None, anyway=True)

    def _is_due(self, one: Stale, now: datetime) -> bool:
        if one.made_at is None or one.made_at < closes_regularly(one.day, self._windows):
            return one.has_rested(now, RESTS)
        return now - one.made_at >= DAY

    def _count(
        self,
        found: Iterable[Stale],
        *,
        now: datetime,
        wait_s: float | None,
        anyway: bool = False,
        go_on: Callable[[], bool] = lambda: True,
    ) -> int:
        """Count these days unless another process has done so in the meantime."""
        days, done = [one.day for one in found], 0
        if not days:
            return 0
        with turn(self._lock, wait_s=wait_s) as mine:
            if not mine:
                return 0
            state = self._state(tuple(sorted(days)))
            left = {one.day for one in self._stale(tuple(days), state, now)}
            for day in days:
                if go_on() and (anyway or day in left):
                    done += self._count_day(day, state, now)
        return done

    def _count_day(self, day: date, state: _State, now: datetime) -> bool:
        """Whether it could be counted."""
        # The state was read before the events are: what arrives in between is counted again.
        began = time.perf_counter()
        facts = roll_up_from(
            self._source, day=day, windows=self._windows, staff=state.staff, now=now
        )
        if not self._is_complete(day, self._store.purged_before()):
            return False  # The events were deleted while they were read: what there is stands.
        data = to_bytes(facts)
        took = timedelta(seconds=time.perf_counter() - began)
        fingerprint = self._fingerprint(day, facts.closes, state)
        mark = Mark(self.rules, fingerprint, facts.closes, now, took)
        self._store.put(day, mark, data)
        return True

    def _stale(self, wanted: Iterable[date], state: _State, now: datetime) -> list[Stale]:
        found = [self._is_stale(day, state) for day in sorted(wanted, reverse=True)]
        return [one for one in found if one]

    def _is_stale(self, day: date, state: _State) -> Stale | None:
        if not self._is_countable(day, state):
            return None
        mark = state.marks.get(day)
        if mark is None:
            events = sum(state.arrivals.get(d, 0) for d in (day - DAY, day))
            return Stale(day, events * PER_EVENT, None)
        if mark.rules == self.rules and mark.fingerprint == self._fingerprint(
            day, mark.closes, state
        ):
            return None
        return Stale(day, mark.took, mark.made_at if mark.rules == self.rules else None)

    def _is_countable(self, day: date, state: _State) -> bool:
        """Whether there is anything, and its events are all there still."""
        there = state.arrivals.get(day, 0) > 0 or day in state.marks
        return there and self._is_complete(day, state.complete_from)

    def _is_complete(self, day: date, complete_from: date | None) -> bool:
        return complete_from is None or day - self._before >= complete_from

    def _fingerprint(self, day: date, closes: datetime, state: _State) -> str:
        """Of all that the day's facts rest on."""
        last, at = closes.astimezone(UTC).date(), day - self._before
        parts = [state.staff_digest]
        while at <= last:
            if n := state.arrivals.get(at):
                parts.append(f"{at.toordinal()}:{n}")
            at += DAY
        return sha256(" ".join(parts).encode()).hexdigest()

    def _state(self, wanted: tuple[date, ...]) -> _State:
        if not wanted:
            return _State({}, {}, None, frozenset(), "")
        arrivals = self._store.arrivals(wanted[0] - self._before, date.max)
        marks = self._store.marks(wanted[0], wanted[-1])
        staff = self._staff()
        digest = sha256(" ".join(sorted(staff)).encode()).hexdigest()
        return _State(arrivals, marks, self._store.purged_before(), staff, digest)

    @property
    def _before(self) -> timedelta:
        """Whole days before a day from which it reads."""
        return -(-looks_back(self._windows) // DAY) * DAY


def _rules(windows: Windows, facts_version: int) -> str:
    spans = (windows.lookback, windows.horizon, windows.durability, windows.session_gap,
             windows.episode_gap)  # fmt: skip
    return f"{RULES_VERSION}.{facts_version} " + " ".join(f"{s.total_seconds():g}" for s in spans)


def _until_today(period: Period, now: datetime) -> tuple[date, ...]:
    today = now.astimezone(UTC).date()
    return tuple(day for day in period.days if day <= today)
