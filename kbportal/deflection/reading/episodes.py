"""From single events to what one person did on one need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kbportal.events.catalog import Event, EventType

FORM_CHANNELS = frozenset({"form", "widget"})
READS = frozenset({EventType.ARTICLE_VIEWED, EventType.SUGGEST_EXPANDED, EventType.SUGGEST_OPENED})
OPENS = frozenset({EventType.SUGGEST_EXPANDED, EventType.SUGGEST_OPENED})
"""Credit goes to what was opened by hand; automatic expansions are filtered before."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A visitor's chain of help events, oldest first, never empty."""

    visitor: str
    events: tuple[Event, ...]

    @property
    def started(self) -> datetime:
        return self.events[0].ts

    def form_start(self) -> Event | None:
        """The first start of the ticket form, if it was started."""
        return next((event for event in self.events if is_form_start(event)), None)


def is_form_start(event: Event) -> bool:
    """A form was started, or sent, which nobody does without starting it."""
    if event.type is EventType.TICKET_CREATED:
        return event.channel in FORM_CHANNELS
    return event.type is EventType.FORM_STARTED


def is_help_event(event: Event) -> bool:
    """Something done here for a need: not choosing a language, nor a ticket sent elsewhere.

    So a ticket by mail ends an episode in a ticket without changing which episodes there are.
    """
    if event.type in (EventType.TICKET_CREATED, EventType.TICKET_WITHDRAWN):
        return is_form_start(event)
    return event.type is not EventType.LANGUAGE_SWITCHED


def episodes(events: Iterable[Event], *, gap: timedelta) -> list[Episode]:
    """All episodes of all visitors, by their start; events must be in order.

    Events without a visitor belong to no episode.
    """
    helping = (event for event in events if is_help_event(event))
    chains = [Episode(chain[0].visitor or "", tuple(chain)) for chain in _chains(helping, gap)]
    return sorted(chains, key=lambda episode: (episode.started, episode.visitor))


def sessions(events: Iterable[Event], *, gap: timedelta) -> list[tuple[Event, ...]]:
    """A visitor's events without a longer pause; events must be in order."""
    return [tuple(chain) for chain in _chains(events, gap)]


def _chains(events: Iterable[Event], gap: timedelta) -> list[list[Event]]:
    chains: list[list[Event]] = []
    latest: dict[str, list[Event]] = {}
    for event in events:
        if event.visitor is None:
            continue
        chain = latest.get(event.visitor)
        if chain is None or event.ts - chain[-1].ts >= gap:
            chain = latest[event.visitor] = []
            chains.append(chain)
        chain.append(event)
    return chains
