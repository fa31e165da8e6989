"""The reports that the pages of this room show."""

from __future__ import annotations

from dataclasses import dataclass

from kbportal.deflection.contents import Guardrail, Report
from kbportal.deflection.facts.stack import Narrowed
from kbportal.deflection.numbers.guardrails import compared, worse_while_rising
from kbportal.deflection.period import Period
from kbportal.deflection.report import MOST_QUERIES
from kbportal.web.insights.period import Wanted
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class Reports:
    """The period that was asked for, and the equally long one before it.

    now: its guardrails know what they were before. warnings: those that got worse while the
    headline rose.
    """

    now: Report
    earlier: Report
    warnings: tuple[Guardrail, ...]


def reports(chosen: Wanted, *, most_queries: int | None = MOST_QUERIES) -> Reports:
    """Both periods, counted up to this moment where that is a matter of a moment.

    Args:
        most_queries: As ``queries.by_query`` takes it; None for all.
    """
    desk, now = portal().reports, portal().clock()
    desk.ledger.refresh_at_once(Period(chosen.earlier.since, chosen.period.until), now=now)
    narrowed = narrowed_to(chosen)
    made = desk.report(chosen.period, now=now, narrowed=narrowed, most_queries=most_queries)
    earlier = desk.report(chosen.earlier, now=now, narrowed=narrowed)
    beside = compared(made, earlier)
    return Reports(beside, earlier, worse_while_rising(beside, earlier))


def narrowed_to(chosen: Wanted) -> Narrowed:
    """To which part of the whole the page is narrowed."""
    return Narrowed(
        lang=chosen.lang or None,
        category=chosen.category or None,
        surface=chosen.surface or None,
        arm=chosen.arm or None,
    )
