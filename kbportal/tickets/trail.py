"""The way that led to a ticket: what its visitor searched, saw, read and rejected before.

Agents read it beside the ticket, so that they do not send what did not help.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kbportal.events.catalog import Event, EventType, Shown, is_from_search_box, is_undo
from kbportal.tickets.model import Ticket

LOOK_BACK = timedelta(hours=24)
SOLVED_LOOK_BACK = timedelta(days=7)
"""An article that was said to have solved it stays of interest for longer."""
TYPING_PAUSE = timedelta(seconds=30)


class StepKind(StrEnum):
    """What the visitor did, as an agent would say it."""

    SEARCHED = "searched"
    SHOWN = "shown"
    EXPANDED = "expanded"
    READ = "read"
    REJECTED = "rejected"
    SOLVED = "solved"
    VOTED_YES = "voted_yes"
    VOTED_NO = "voted_no"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done; ``results`` for searched and shown, ``article`` for the others."""

    at: datetime
    kind: StepKind
    query: str = ""
    article: str = ""
    section: str = ""
    dwell_ms: int | None = None
    results: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Trail:
    """Oldest first. ``said_solved``: articles once said to solve it, taken back by the ticket."""

    steps: tuple[Step, ...]
    said_solved: tuple[Step, ...]

    @property
    def read(self) -> tuple[str, ...]:
        """Ids of the articles expanded or read, in order, each once."""
        kinds = (StepKind.EXPANDED, StepKind.READ)
        return tuple(dict.fromkeys(s.article for s in self.steps if s.kind in kinds))

    @property
    def rejected(self) -> tuple[str, ...]:
        """Ids of the articles that were said not to help, in order, each once."""
        kinds = (StepKind.REJECTED, StepKind.VOTED_NO)
        return tuple(dict.fromkeys(s.article for s in self.steps if s.kind in kinds))


_KINDS: Mapping[EventType, StepKind] = {
    EventType.SEARCH: StepKind.SEARCHED,
    EventType.SUGGEST_SHOWN: StepKind.SHOWN,
    EventType.SUGGEST_EXPANDED: StepKind.EXPANDED,
    EventType.SUGGEST_OPENED: StepKind.READ,
    EventType.ARTICLE_VIEWED: StepKind.READ,
    EventType.SUGGEST_REJECTED: StepKind.REJECTED,
    EventType.FORM_SOLVED: StepKind.SOLVED,
}


def trail(events: Iterable[Event], ticket: Ticket, *, look_back: timedelta = LOOK_BACK) -> Trail:
    """The way to a ticket from the events of its visitor; empty without a visitor.

    Typing leaves one step per query, the longest; reading leaves one step per article and kind,
    with the longest time it was in view.
    """
    mine = sorted((e for e in events if _leads_to(e, ticket)), key=lambda e: (e.ts, e.event_id))
    mine = _without_undone(mine)
    steps = _merged([step for event in mine if (step := _step(event))])
    recent = tuple(step for step in steps if step.at >= ticket.created - look_back)
    solved = tuple(step for step in steps if step.kind is StepKind.SOLVED)
    return Trail(recent, solved)


def reading_span(ticket: Ticket) -> tuple[datetime, datetime]:
    """From when until when a store must be read for the trail."""
    return ticket.created - SOLVED_LOOK_BACK, ticket.created


def _leads_to(event: Event, ticket: Ticket) -> bool:
    since, until = reading_span(ticket)
    return bool(ticket.visitor) and event.visitor == ticket.visitor and since <= event.ts <= until


def _without_undone(mine: list[Event]) -> list[Event]:
    """Without presses that were undone by hand, and without the undoing."""
    kept: list[Event] = []
    for event in mine:
        if is_undo(event):
            kept = [
                before
                for before in kept
                if before.type is not EventType.FORM_SOLVED or before.article != event.article
            ]
        else:
            kept.append(event)
    return kept


def _step(event: Event) -> Step | None:
    kind = _KINDS.get(event.type)
    if event.type is EventType.ARTICLE_VOTED:
        kind = StepKind.VOTED_YES if event.value == "yes" else StepKind.VOTED_NO
    if is_from_search_box(event):
        kind = StepKind.SEARCHED
    if kind is None or event.value == "auto":
        return None
    return Step(
        at=event.ts,
        kind=kind,
        query=event.query_norm or "",
        article=event.article or "",
        section=event.section or "",
        dwell_ms=event.dwell_ms,
        results=event.results,
    )


def _merged(steps: list[Step]) -> list[Step]:
    """Typing and repetition folded into one step each, at the place of the first."""
    kept: list[Step] = []
    for step in steps:
        at = next((i for i, before in enumerate(kept) if _is_same(before, step)), None)
        if at is None:
            kept.append(step)
        elif step.article:
            kept[at] = _longer(kept[at], step)
        elif len(step.query) >= len(kept[at].query):
            kept[at] = step
    return sorted(kept, key=lambda step: step.at)


def _is_same(before: Step, step: Step) -> bool:
    if before.kind is not step.kind:
        return False
    if step.article:
        return before.article == step.article
    one, other = before.query, step.query
    is_typing = one.startswith(other) or other.startswith(one)
    return one == other or (is_typing and step.at - before.at <= TYPING_PAUSE)


def _longer(before: Step, step: Step) -> Step:
    longest = max(before.dwell_ms or 0, step.dwell_ms or 0) or None
    return Step(
        at=before.at,
        kind=before.kind,
        query=before.query,
        article=before.article,
        section=before.section or step.section,
        dwell_ms=longest,
        results=before.results,
    )
