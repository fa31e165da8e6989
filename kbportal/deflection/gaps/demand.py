"""Unmet needs from raw events: what people looked for here and did not get."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from kbportal.deflection.gaps.model import Asked, Kind, Need, Why
from kbportal.deflection.model import Windows
from kbportal.deflection.reading.episodes import FORM_CHANNELS, OPENS, READS
from kbportal.deflection.reading.facets import is_suggestion
from kbportal.deflection.reading.identity import merged_by_person
from kbportal.deflection.reading.noise import without_noise
from kbportal.deflection.reading.outcomes import ticket_times
from kbportal.deflection.reading.searches import Search, searches
from kbportal.events.catalog import Event, EventType, Shown, is_undo


def needs(
    events: Iterable[Event],
    asked: Mapping[str, Asked],
    *,
    since: datetime,
    until: datetime,
    windows: Windows,
    staff: frozenset[str] = frozenset(),
) -> list[Need]:
    """Every need with since <= at < until, oldest first; tickets that were met are marked so.

    The rules of noise are those of the report.

    Args:
        events: Those of the span and of a look-back window around it, in any order.
        asked: By ticket id. Of a ticket that is not there any more, what was typed while
            suggestions were asked for stands in for its words.
    """
    clean = without_noise(events, staff=staff)
    both = merged_by_person((*clean.events, *clean.glances))
    known, glances = both[: len(clean.events)], both[len(clean.events) :]
    found = [
        *_vain_searches(searches(known, glances, ticket_times(known), windows=windows)),
        *_tickets(known, asked, windows=windows),
    ]
    inside = [one for one in found if since <= one.at < until]
    return sorted(inside, key=lambda one: (one.at, one.who, one.text))


def _vain_searches(found: Iterable[Search]) -> Iterator[Need]:
    """Searches on a search page without result, and those after which nothing was opened."""
    for one in found:
        event = one.event
        is_vain = not one.found or one.opened is False
        if not (is_vain and one.is_on_search_page and event.query_norm):
            continue
        yield Need(
            title=event.query_norm,
            text=event.query_norm,
            lang=event.locale,
            who=event.visitor or f"e:{event.event_id}",
            at=event.ts,
            kind=Kind.SEARCH,
            why=Why.NOTHING_OPENED if one.found else Why.NOTHING_FOUND,
            shown=_articles(event.results),
        )


def _tickets(
    events: Sequence[Event], asked: Mapping[str, Asked], *, windows: Windows
) -> Iterator[Need]:
    by_visitor: dict[str, list[Event]] = {}
    for event in events:
        if event.visitor and event.type is not EventType.TICKET_CREATED:
            by_visitor.setdefault(event.visitor, []).append(event)
    seen: set[str] = set()
    for event in events:
        ticket = event.ticket or ""
        if event.type is EventType.TICKET_CREATED and ticket not in seen:
            seen.add(ticket)
            own = by_visitor.get(event.visitor or "", [])
            first = bisect_left(own, event.ts - windows.lookback, key=lambda one: one.ts)
            last = bisect_right(own, event.ts, key=lambda one: one.ts)
            before = own[first:last]
            if words := asked.get(ticket) or _typed(event, before):
                yield _ticket(event, words, before)


def _typed(ticket: Event, before: Sequence[Event]) -> Asked | None:
    """What the log knows of a ticket's words: the last that were typed in the form."""
    for one in reversed(before):
        if is_suggestion(one) and one.query_norm:
            return Asked(one.query_norm, one.query_norm, one.locale or ticket.locale, "", "", "")
    return None


def _ticket(event: Event, asked: Asked, before: Sequence[Event]) -> Need:
    """A ticket is met when the article that solved it had been offered and not been rejected.

    What the holdout held back counts as offered here: it is there, and the portal finds it.
    """
    shown, ghosts = _suggested(before)
    opened = frozenset(one.article or "" for one in before if one.type in READS)
    rejected = frozenset(
        one.article or ""
        for one in before
        if one.type is EventType.SUGGEST_REJECTED and not is_undo(one)
    )
    tried = frozenset(one.article or "" for one in before if one.type in OPENS)
    return Need(
        title=asked.title,
        text=asked.text,
        lang=asked.lang,
        who=event.visitor or asked.person or f"t:{event.ticket}",
        at=event.ts,
        kind=Kind.TICKET,
        why=_why(event, shown=shown, ghosts=ghosts, opened=opened | tried),
        unmet=not asked.solved_by or asked.solved_by not in (shown | ghosts) - rejected,
        shown=shown,
        opened=opened,
        solved_by=asked.solved_by,
        category=asked.category,
        person=asked.person,
    )


def _suggested(before: Iterable[Event]) -> tuple[frozenset[str], frozenset[str]]:
    """Articles that were suggested in the form, and those that the holdout held back."""
    shown: frozenset[str] = frozenset()
    ghosts: frozenset[str] = frozenset()
    for one in filter(is_suggestion, before):
        if one.type is EventType.SUGGEST_SHOWN:
            shown |= _articles(one.results)
        else:
            ghosts |= _articles(one.results)
    return shown, ghosts


def _why(
    event: Event, *, shown: frozenset[str], ghosts: frozenset[str], opened: frozenset[str]
) -> Why:
    if opened:
        return Why.OF_NO_HELP
    if shown:
        return Why.NOT_OPENED
    if ghosts:
        return Why.HELD_BACK
    return Why.SILENT if event.channel in FORM_CHANNELS and event.visitor else Why.NOT_ASKED


def _articles(results: Iterable[Shown]) -> frozenset[str]:
    return frozenset(one.article for one in results)
