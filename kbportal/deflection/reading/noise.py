"""Leaving out what is no customer: applied when reading, versioned, each rule counted.

The log itself stays whole, so that a better rule may be applied to the past.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kbportal.deflection.model import VIEW_MS
from kbportal.events.catalog import SUSPECTED, Event, EventType

RULES_VERSION = 3
MOST_VIEWS, VIEWS_SPAN = 60, timedelta(hours=1)

RULES: Mapping[str, str] = {
    "crawler": "The user agent names a crawler.",
    "tool": "A program such as curl that looks around; tickets that programs send count.",
    "staff": "A browser in which somebody of the staff is or was signed in.",
    "too_fast": "A visitor with more than 60 article views within an hour.",
    "prefetch": "Fetched ahead by the browser, not looked at.",
    "agent_shared": "Opened through a link that an agent sent.",
    "no_interaction": "A page that was fetched, but never known to be seen for 5 seconds or used.",
    SUSPECTED: "A ticket in quarantine; it counts as soon as somebody says that it is no spam.",
    "automatic_expansion": "A suggestion that expanded by itself.",
}


_SENT = frozenset({EventType.TICKET_CREATED, EventType.TICKET_WITHDRAWN})
"""What is real whoever carries it: a program may file for a person."""


@dataclass(frozen=True, slots=True)
class Clean:
    """The events that count, oldest first, each once; and how many were left out by each rule.

    glances: article pages that were opened but not known to be seen; they are views of nothing,
    yet they show that a search result was chosen.
    """

    events: tuple[Event, ...]
    glances: tuple[Event, ...]
    filtered: Mapping[str, int]


def in_order(events: Iterable[Event]) -> list[Event]:
    """Oldest first, ties by id; of those with one id the oldest. Order of arrival is no matter."""
    found: dict[str, Event] = {}
    for event in events:
        known = found.get(event.event_id)
        if known is None or (known != event and _rank(event) < _rank(known)):
            found[event.event_id] = event
    return sorted(found.values(), key=lambda event: (event.ts, event.event_id))


def _rank(event: Event) -> tuple[datetime, str]:
    return event.ts, repr(event)


def without_noise(
    events: Iterable[Event],
    *,
    staff: frozenset[str] = frozenset(),
    counted: Callable[[datetime], bool] = lambda ts: True,
) -> Clean:
    """Apply every rule; an event is counted under the first that takes it out.

    Args:
        staff: Ids of the staff's accounts, as they stand in ``Event.user``.
        counted: Whether what happened then enters the counts by rule.
    """
    ordered = in_order(events)
    of_staff = {e.visitor for e in ordered if e.visitor and e.user in staff}
    fast = _too_fast(ordered)
    seen = {(e.visitor, e.article) for e in ordered if is_proven_view(e)}
    kept: list[Event] = []
    glances: list[Event] = []
    filtered: Counter[str] = Counter(dict.fromkeys(RULES, 0))
    for event in ordered:
        rule = _rule(event, staff=staff, of_staff=of_staff, fast=fast)
        if rule is None:
            kept.append(event)
            continue
        if rule == "no_interaction":
            glances.append(event)
            # The page's own message that it is being read follows the fetch: one view, no noise.
            if (event.visitor, event.article) in seen:
                continue
        filtered[rule] += counted(event.ts)
    return Clean(tuple(kept), tuple(glances), dict(filtered))


def is_proven_view(event: Event) -> bool:
    """Whether an article page was on screen long enough, or was used."""
    if event.type is not EventType.ARTICLE_VIEWED:
        return False
    return (event.dwell_ms or 0) >= VIEW_MS or event.value in ("scrolled", "expanded")


def _rule(event: Event, *, staff: frozenset[str], of_staff: set[str], fast: set[str]) -> str | None:
    if event.ua_class == "bot":
        return "crawler"
    if event.ua_class == "tool" and event.type not in _SENT:
        return "tool"
    if event.user in staff or event.visitor in of_staff:
        return "staff"
    if event.visitor in fast:
        return "too_fast"
    if event.type is EventType.TICKET_CREATED and event.reason == SUSPECTED:
        return SUSPECTED
    if event.type is EventType.SUGGEST_EXPANDED and event.value == "auto":
        return "automatic_expansion"
    return _view_rule(event) if event.type is EventType.ARTICLE_VIEWED else None


def _view_rule(event: Event) -> str | None:
    if event.channel in ("prefetch", "prerender"):
        return "prefetch"
    if event.channel == "agent_shared":
        return "agent_shared"
    return None if is_proven_view(event) else "no_interaction"


def _too_fast(ordered: Sequence[Event]) -> set[str]:
    recent: dict[str, deque[datetime]] = {}
    fast: set[str] = set()
    for event in ordered:
        if event.type is not EventType.ARTICLE_VIEWED or event.visitor is None:
            continue
        if event.channel in ("prefetch", "prerender"):
            continue
        times = recent.setdefault(event.visitor, deque())
        times.append(event.ts)
        while event.ts - times[0] >= VIEWS_SPAN:
            times.popleft()
        if len(times) > MOST_VIEWS:
            fast.add(event.visitor)
    return fast
