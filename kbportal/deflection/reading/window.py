"""Which events one day's facts rest on, and nothing else: the day's reading window.

* All events from the look-back before the day to its end.
* Until the windows of the day have closed: tickets, withdrawals, and whatever tells who somebody
  is. They revoke, and they join visitor ids of one person.
* All that people of the day do until their windows have closed. An episode that goes on and on
  is followed to its end, for these people alone.

Identities, noise and late tickets are those that can be seen through this window. So a day is
the same whoever reads it, and however much more is at hand; after ``closes`` only an event that
arrives late can change it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kbportal.deflection.model import Windows
from kbportal.deflection.period import Period, days
from kbportal.deflection.reading.episodes import is_help_event
from kbportal.deflection.reading.identity import Identities
from kbportal.deflection.reading.noise import in_order
from kbportal.deflection.reading.source import Source
from kbportal.events.catalog import Event

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """The events of a day's window, oldest first, each once; and when the window closes."""

    events: tuple[Event, ...]
    closes: datetime


def looks_back(windows: Windows) -> timedelta:
    """How long before its start a day's window opens."""
    return max(windows.lookback, windows.episode_gap, windows.session_gap)


def closes_regularly(day: date, windows: Windows) -> datetime:
    """When a day's window closes if no episode of it goes on for more than a day."""
    return days(day, day).until + _follows(windows)


def read_window(source: Source, day: date, *, windows: Windows, now: datetime) -> Reading:
    """What one day rests on, as far as it has happened by now."""
    span, known_until = days(day, day), now + _INSTANT
    closes = closes_regularly(day, windows)
    until = min(closes, known_until)
    core = list(source.read(span.since - looks_back(windows), min(span.until, known_until)))
    marked = list(source.marked(span.until, until))
    who = Identities([*core, *marked])
    theirs: list[Event] = []
    people = {one for e in core if span.owns(e.ts) and (one := who.of(e))}
    ends = dict.fromkeys(people, closes)
    while people:
        visitors, users = who.members(people)
        last = max(ends[one] for one in people)
        more = source.of_people(visitors, users, span.until, min(last, known_until))
        theirs += [event for event in more if event.ts < ends.get(who.of(event) or "", span.until)]
        reach = _reach(core, theirs, who, span=span, windows=windows)
        people = {one for one in people if reach.get(one, closes) > ends[one]}
        ends |= {one: reach[one] for one in people}
    chosen = in_order([*core, *marked, *theirs])
    return Reading(tuple(chosen), max((closes, *ends.values())))


def _follows(windows: Windows) -> timedelta:
    return windows.episode_gap + max(windows.settles_after, windows.lookback)


def _reach(
    core: Iterable[Event],
    later: Iterable[Event],
    who: Identities,
    *,
    span: Period,
    windows: Windows,
) -> dict[str, datetime]:
    """Until when each person of the day must be followed, by the events known so far."""
    latest: dict[str, datetime] = {}
    of_day = (event for event in core if span.owns(event.ts))
    for event in in_order([*of_day, *later]):
        person = who.of(event)
        if person is None or not is_help_event(event):
            continue
        before = latest.get(person)
        if event.ts < span.until or (before and event.ts - before < windows.episode_gap):
            latest[person] = event.ts
    return {person: ts + _follows(windows) for person, ts in latest.items()}
