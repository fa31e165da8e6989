"""Searches: typing counted once, and what came of each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from kbportal.deflection.episodes import READS, sessions
from kbportal.deflection.model import QueryRow, Windows
from kbportal.deflection.outcomes import TicketTimes
from kbportal.events.catalog import Event, EventType, Surface
from kbportal.kernel.text import fold, normalise

TYPING_PAUSE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Search:
    """One search. opened, reformulated, led_to_ticket are None for visitors without an id."""

    event: Event
    opened: bool | None = None
    reformulated: bool | None = None
    led_to_ticket: bool | None = None

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
        kept = _collapsed(session)
        for at, search in enumerate(kept):
            later = [event for event in session if event.ts >= search.ts]
            following = kept[at + 1].ts if at + 1 < len(kept) else None
            times = tickets.get(search.visitor or "", ())
            led = bisect_left(times, search.ts) < bisect_right(times, search.ts + windows.lookback)
            found.append(
                Search(
                    search,
                    opened=_opened(search, later),
                    reformulated=following is not None
                    and not _opened(search, [e for e in later if e.ts < following]),
                    led_to_ticket=led,
                )
            )
    return sorted(found, key=lambda one: (one.event.ts, one.event.event_id))


def by_query(found: Iterable[Search]) -> tuple[QueryRow, ...]:
    """One row per query and language, the most searched first; spelling variants meet."""
    rows: dict[tuple[str, str], list[Search]] = {}
    for search in found:
        key = (fold(normalise(search.event.query_norm or "")), search.event.locale)
        rows.setdefault(key, []).append(search)
    made = (_row(lang, group) for (_, lang), group in rows.items())
    return tuple(sorted(made, key=lambda row: (-row.searches, row.query, row.lang)))


def _row(lang: str, group: Sequence[Search]) -> QueryRow:
    return QueryRow(
        query=group[-1].event.query_norm or "",
        lang=lang,
        searches=len(group),
        zero_results=sum(not search.found for search in group),
        no_open=sum(search.found and search.opened is False for search in group),
        tickets=sum(search.led_to_ticket is True for search in group),
    )


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


def _opened(search: Event, later: Iterable[Event]) -> bool:
    shown = {result.article for result in search.results}
    return any(event.type in READS and event.article in shown for event in later)
