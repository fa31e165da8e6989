"""Numbers that must not get worse while the headline gets better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import sqrt
from statistics import NormalDist

import numpy as np

from kbportal.deflection.contents import Guardrail, Report
from kbportal.deflection.facts.day import Column, Table
from kbportal.deflection.model import NO_DATA, Metric, ServiceFacts, Status
from kbportal.deflection.numbers.intervals import CONFIDENCE, share

GUARDRAILS = ("satisfaction", "reopen_rate", "take_back_rate", "seconds_to_submit",
              "abandonment_rate", "answered_rate")  # fmt: skip


def guardrails(
    episodes: Table, metrics: Mapping[str, Metric], service: ServiceFacts, *, status: Status
) -> tuple[Guardrail, ...]:
    """All of them, of the episodes that enter the rates and the tickets of the period."""
    seconds = episodes["submitted_s"]
    return (
        Guardrail("satisfaction", share(service.satisfied, service.rated), better="higher"),
        Guardrail("reopen_rate", share(service.reopened, service.finished)),
        Guardrail("take_back_rate", metrics["take_back_rate"]),
        Guardrail("seconds_to_submit", median(seconds[seconds >= 0], status), unit="seconds"),
        Guardrail("abandonment_rate", metrics["abandonment_rate"]),
        Guardrail("answered_rate", share(service.answered, service.tickets), better="higher"),
    )


def median(values: Column, status: Status = "ok") -> Metric:
    """The median with the interval between the two order statistics that hold it.

    Source: Conover, Practical Nonparametric Statistics, 3rd edition, 1999, section 3.2; the ranks
    by the normal approximation, and no interval where they lie outside the sample.
    """
    n = len(values)
    if n == 0:
        return NO_DATA
    ordered = np.sort(values)
    reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * sqrt(n) / 2
    first, last = int(np.ceil(n / 2 - reach)), int(np.ceil(n / 2 + reach))
    inside = first >= 1 and last <= n
    low, high = (float(ordered[r - 1]) for r in (first, last)) if inside else (None, None)
    return Metric(float(np.median(ordered)), n, low, high, status)


def compared(now: Report, earlier: Report) -> Report:
    """The report with what its guardrails were before."""
    before = {one.id: one.now for one in earlier.guardrails}
    rails = tuple(replace(one, before=before.get(one.id)) for one in now.guardrails)
    return replace(now, guardrails=rails)
