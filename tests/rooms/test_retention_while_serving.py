"""What is too old goes by itself, once a day, while the portal serves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kbportal.kernel.clock import utc_now
from kbportal.wiring import Portal, hire_bookkeeper
from tests.builders import NOON, an_event

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class MovedClock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self):
        return self.now


def test_old_events_go_once_a_day(portal: Portal):
    clock = MovedClock()
    served = replace(portal, clock=clock, settings=replace(portal.settings, retention_d=10))
    keeper = hire_bookkeeper(served)

    def left_after(passing: timedelta) -> int:
        clock.now += passing
        keeper.round()
        return len(list(portal.events.read(NOON, clock.now)))

    for age in (10 * DAY + HOUR, 10 * DAY - HOUR, 9 * DAY - HOUR):
        portal.events.append([an_event("search", after=clock.now - age - NOON)])

    assert [left_after(timedelta()), left_after(23 * HOUR), left_after(HOUR)] == [2, 2, 1]
