"""Numbers that must not get worse while the headline gets better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kbportal.deflection.contents import Guardrail, Report
from kbportal.deflection.facts.day import Table
from kbportal.deflection.model import Metric, ServiceFacts, Status
from kbportal.deflection.numbers.intervals import quantile, share

HEADLINE = "confirmed_deflection_rate"
GUARDRAILS = ("satisfaction", "reopen_rate", "take_back_rate", "seconds_to_submit",
              "abandonment_rate", "answered_rate")  # fmt: skip


def guardrails(
    episodes: Table, metrics: Mapping[str, Metric], service: ServiceFacts, *, status: Status
) -> tuple[Guardrail, ...]:
    """All of them, of the episodes that enter the rates and the tickets of the period."""
    seconds = episodes["submitted_s"]
    taken = quantile(seconds[seconds >= 0], 0.5, status=status)
    return (
        Guardrail("satisfaction", share(service.satisfied, service.rated), better="higher"),
        Guardrail("reopen_rate", share(service.reopened, service.finished)),
        Guardrail("take_back_rate", metrics["take_back_rate"]),
        Guardrail("seconds_to_submit", taken, unit="seconds"),
        Guardrail("abandonment_rate", metrics["abandonment_rate"]),
        Guardrail("answered_rate", share(service.answered, service.tickets), better="higher"),
    )


def compared(now: Report, earlier: Report) -> Report:
    """The report with what its guardrails were before."""
    before = {one.id: one.now for one in earlier.guardrails}
    rails = tuple(replace(one, before=before.get(one.id)) for one in now.guardrails)
    return replace(now, guardrails=rails)


def worse_while_rising(now: Report, before: Report) -> tuple[Guardrail, ...]:
    """The guardrails that got worse while the headline rose: then it is no good news."""
    new, old = now.metrics[HEADLINE].value, before.metrics[HEADLINE].value
    if new is None or old is None or new <= old:
        return ()
    return tuple(rail for rail in now.guardrails if rail.worse)
