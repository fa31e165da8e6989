"""By what numbers can be narrowed: language, surface, category and arm of what happened."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from kbportal.deflection.facts.day import Facet
from kbportal.deflection.reading.episodes import Episode
from kbportal.events.catalog import SUGGESTIONS, Event, is_from_search_box


def category_of(article: str | None) -> str:
    """The category of an article, by its id ``lang/category/slug``; empty without one."""
    parts = (article or "").split("/")
    return parts[1] if len(parts) > 2 else ""


def is_suggestion(event: Event) -> bool:
    """Suggestions beside what is being written, shown or withheld; not those of a search box."""
    return event.type in SUGGESTIONS and not is_from_search_box(event)


def of_episode(episode: Episode, start: Event) -> Facet:
    """An episode belongs to the language and surface of its form start.

    Its category is that of the first of the last suggestions: what was known about the need when
    most of it had been written, whatever was done then. Its arm is that of those suggestions.
    """
    last = next((e for e in reversed(episode.events) if is_suggestion(e)), None)
    first = next((e for e in episode.events if is_suggestion(e) and e.arm), None)
    arm = (first or start).arm or ""
    return Facet(start.locale, str(start.surface), _top(last), arm)


def of_event(event: Event) -> Facet:
    """What was searched belongs to the category of the first result, what was read to its own."""
    category = category_of(event.article) or _top(event)
    return Facet(event.locale, str(event.surface), category, event.arm or "")


def of_tickets(
    created: Iterable[Event], events: Iterable[Event], *, lookback: timedelta
) -> list[Facet]:
    """Tickets, each in the category that was last suggested to its sender."""
    suggested: dict[str, list[Event]] = {}
    for event in events:
        if event.visitor and is_suggestion(event):
            suggested.setdefault(event.visitor, []).append(event)
    return [_of_ticket(event, suggested, lookback) for event in created]


def _of_ticket(
    event: Event, suggested: Mapping[str, Sequence[Event]], lookback: timedelta
) -> Facet:
    mine = suggested.get(event.visitor or "", ())
    at = bisect_left(mine, event.ts, key=lambda one: one.ts)
    last = mine[at - 1] if at and event.ts - mine[at - 1].ts <= lookback else None
    return Facet(event.locale, str(event.surface), _top(last), event.arm or "")


def _top(event: Event | None) -> str:
    return category_of(event.results[0].article) if event and event.results else ""
