"""Ways in which an experiment goes wrong on a real site, done to the events of a simulated one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b

from benchmarks.simulated import Change
from kbportal.deflection.trials.assignment import CONTROL, HOLDOUT, SHOWN, arms
from kbportal.events.catalog import Event, EventType

PART = 0.3
"""The part of visitors of an arm that each breakage concerns."""


def skewed(events: Iterable[Event]) -> Iterable[Event]:
    """A part of those who were to be in control were put into the other arm."""
    for event in events:
        text = (event.arm or "").replace(f"{HOLDOUT}:{CONTROL}@10", f"{HOLDOUT}:{SHOWN}@90")
        yield replace(event, arm=text) if _is_hit(event) else event


def unrecorded(events: Iterable[Event]) -> Iterable[Event]:
    """What was withheld was not noted for a part of control."""
    return (e for e in events if not (_is_hit(e) and e.type is EventType.SUGGEST_GHOST))


def leaking(events: Iterable[Event]) -> Iterable[Event]:
    """A part of control was shown suggestions after all."""
    for event in events:
        if _is_hit(event) and event.type is EventType.SUGGEST_GHOST:
            event = replace(event, type=EventType.SUGGEST_SHOWN)
        yield event


def _is_hit(event: Event) -> bool:
    """Whether the event is of one of those visitors of control."""
    own = arms(event.arm).get(HOLDOUT)
    if own is None or own.arm != CONTROL or not event.visitor:
        return False
    return blake2b(event.visitor.encode(), digest_size=1).digest()[0] < PART * 256


BREAKAGES: Mapping[str, Change] = {
    "assignment skewed": skewed,
    "ghosts not recorded": unrecorded,
    "control leaks": leaking,
}
"""Each takes and gives the events of people."""
