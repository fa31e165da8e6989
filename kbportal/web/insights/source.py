"""The reports that the pages of this room show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kbportal.deflection.model import Report, Windows
from kbportal.deflection.report import Period, reading_span, report
from kbportal.events.catalog import Event
from kbportal.web.insights.period import Wanted
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class Reports:
    """The period that was asked for, and the equally long one before it."""

    now: Report
    earlier: Report


def windows() -> Windows:
    """The spans from the settings."""
    settings = portal().settings
    return Windows(
        lookback=timedelta(hours=settings.lookback_h),
        horizon=timedelta(hours=settings.horizon_h),
        durability=timedelta(days=settings.durability_d),
    )


def reports(chosen: Wanted) -> Reports:
    """Both periods, from one reading of the log."""
    now, spans = portal().clock(), windows()
    whole = reading_span(chosen.earlier, windows=spans, now=now)
    events = list(portal().events.read(whole.since, whole.until))
    staff = frozenset(user.id for user in portal().people.users())

    def made(period: Period) -> Report:
        span = reading_span(period, windows=spans, now=now)
        return report(
            _of(events, span),
            period=period,
            now=now,
            windows=spans,
            staff=staff,
            lang=chosen.lang or None,
            cost_per_ticket=portal().settings.cost_per_ticket,
        )

    return Reports(made(chosen.period), made(chosen.earlier))


def _of(events: list[Event], span: Period) -> list[Event]:
    return [event for event in events if span.owns(event.ts)]
