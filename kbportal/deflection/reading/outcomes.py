"""How each episode with a form start ended; a later ticket takes any success back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kbportal.deflection.model import READ_MS, Outcome, Windows
from kbportal.deflection.reading.episodes import OPENS, READS, Episode, is_form_start
from kbportal.deflection.reading.facets import is_suggestion
from kbportal.events.catalog import Event, EventType, is_undo

TicketTimes = Mapping[str, Sequence[datetime]]
"""For each visitor when they sent tickets, oldest first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An episode with a form start and how it ended.

    lasting: no ticket within the durability window either. settled: when it matures.
    pressed: articles said to have solved it. opened, shown: whether a suggestion was, beside
    what was being written; those of a search box are part of searching.
    """

    episode: Episode
    outcome: Outcome
    lasting: bool
    settled: datetime
    pressed: frozenset[str]
    opened: bool
    shown: bool


def ticket_times(events: Iterable[Event]) -> dict[str, list[datetime]]:
    """When each visitor sent tickets, by any channel; events must be in order."""
    times: dict[str, list[datetime]] = {}
    for event in events:
        if event.type is EventType.TICKET_CREATED and event.visitor:
            times.setdefault(event.visitor, []).append(event.ts)
    return times


def judge(episode: Episode, tickets: TicketTimes, *, windows: Windows) -> Verdict | None:
    """How the episode ended as far as is known; None when no form was started in it."""
    start = episode.form_start()
    if start is None:
        return None
    acts = [event for event in episode.events if event.ts >= start.ts]
    last_act = max(event.ts for event in acts if _is_act(event))
    pressed = _pressed(acts)
    times = tickets.get(episode.visitor, ())
    submitted = _any_within(times, start.ts, last_act + windows.horizon)
    settled = last_act + windows.settles_after
    return Verdict(
        episode=episode,
        outcome=_outcome(submitted, bool(pressed), _has_read(acts)),
        lasting=not _any_within(times, start.ts, settled),
        settled=settled,
        pressed=pressed,
        opened=any(event.type in OPENS for event in episode.events),
        shown=any(
            event.type is EventType.SUGGEST_SHOWN and is_suggestion(event)
            for event in episode.events
        ),
    )


def judge_all(found: Iterable[Episode], tickets: TicketTimes, *, windows: Windows) -> list[Verdict]:
    """The verdicts on all episodes with a form start, in their order."""
    verdicts = (judge(episode, tickets, windows=windows) for episode in found)
    return [verdict for verdict in verdicts if verdict is not None]


def _outcome(submitted: bool, pressed: bool, read: bool) -> Outcome:
    if submitted:
        return Outcome.SUBMITTED
    if pressed:
        return Outcome.SOLVED
    return Outcome.INFORMED if read else Outcome.UNKNOWN


def _pressed(acts: Sequence[Event]) -> frozenset[str]:
    """Articles said to have solved it; what was undone by hand was never pressed."""
    pressed: set[str] = set()
    for event in acts:
        if event.type is EventType.FORM_SOLVED:
            pressed.add(event.article or "")
        elif is_undo(event):
            pressed.discard(event.article or "")
    return frozenset(pressed)


def _is_act(event: Event) -> bool:
    """Something done in the form, from which the windows run."""
    return is_form_start(event) or event.type in OPENS or event.type is EventType.FORM_SOLVED


def _has_read(acts: Sequence[Event]) -> bool:
    """Whether a suggestion was opened and that article was then read for ten seconds."""
    opened: set[str | None] = set()
    for event in acts:
        if event.type in OPENS:
            opened.add(event.article)
        if event.type in READS and event.article in opened and (event.dwell_ms or 0) >= READ_MS:
            return True
    return False


def _any_within(times: Sequence[datetime], since: datetime, until: datetime) -> bool:
    return bisect_left(times, since) < bisect_right(times, until)
