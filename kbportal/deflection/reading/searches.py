"""Searches: typing counted once, and what came of each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kbportal.deflection.model import Windows
from kbportal.deflection.reading.episodes import READS, sessions
from kbportal.deflection.reading.outcomes import TicketTimes
from kbportal.events.catalog import Event, EventType, Surface

TYPING_PAUSE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Search:
    """One search. opened, reformulated, led_to_ticket are None for visitors without an id.

    articles: those of its results that were opened in the session.
    """

    event: Event
    opened: bool | None = None
    reformulated: bool | None = None
    led_to_ticket: bool | None = None
    articles: frozenset[str] = frozenset()

    @property
    def found(self) -> bool:
        return bool(self.event.results)

    @property
    def is_on_search_page(self) -> bool:
        """Asked for, rather than looked up while somebody wrote to us."""
        return self.event.surface is not Surface.FORM


def searches(
    events: Sequence[Event], glances: Iterable[Event], tickets: TicketTimes, *, windows: Windows
) -> list[Search]:
    """All searches with what came of them; events must be in order, of merged visitors.

    Type-ahead collapses: of searches of one visitor on one surface within 30 seconds, one
    a prefix of the other, the last stays.
    """
    found = [Search(e) for e in events if e.type is EventType.SEARCH and e.visitor is None]
    both = sorted((*events, *glances), key=lambda event: (event.ts, event.event_id))
    for session in sessions(both, gap=windows.session_gap):
        kept, read_at = _collapsed(session), _read_at(session)
        for at, search in enumerate(kept):
            following = kept[at + 1].ts if at + 1 < len(kept) else None
            articles = _opened(search, read_at)
            times = tickets.get(search.visitor or "", ())
            led = bisect_left(times, search.ts) < bisect_right(times, search.ts + windows.lookback)
            found.append(
                Search(
                    search,
                    opened=bool(articles),
                    reformulated=following is not None
                    and not _opened(search, read_at, before=following),
                    led_to_ticket=led,
                    articles=articles,
                )
            )
    return sorted(found, key=lambda one: (one.event.ts, one.event.event_id))


def _collapsed(session: Sequence[Event]) -> list[Event]:
    kept: list[Event] = []
    latest: dict[Surface, int] = {}
    for event in session:
        if event.type is not EventType.SEARCH:
            continue
        at = latest.get(event.surface)
        if at is not None and _is_typing(kept[at], event):
            kept[at] = event
        else:
            latest[event.surface] = len(kept)
            kept.append(event)
    return sorted(kept, key=lambda event: (event.ts, event.event_id))


def _is_typing(before: Event, after: Event) -> bool:
    one, other = before.query_norm or "", after.query_norm or ""
    near = after.ts - before.ts <= TYPING_PAUSE
    return near and (one.startswith(other) or other.startswith(one))


def _read_at(session: Iterable[Event]) -> dict[str, list[datetime]]:
    """For each article of a session when it was read, oldest first."""
    found: dict[str, list[datetime]] = {}
    for event in session:
        if event.type in READS and event.article:
            found.setdefault(event.article, []).append(event.ts)
    return found


def _opened(
    search: Event, read_at: Mapping[str, Sequence[datetime]], *, before: datetime | None = None
) -> frozenset[str]:
    """The results that were read from the search on, or until then; at once however long the
    session is, since a program's may have thousands of searches."""
    found = set()
    for result in search.results:
        times = read_at.get(result.article, ())
        first = bisect_left(times, search.ts)
        if first < len(times) and (before is None or times[first] < before):
            found.add(result.article)
    return frozenset(found)
