"""The rates over episodes and searches, each as ``model.METRICS`` defines it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kbportal.deflection.intervals import complement, scaled, share
from kbportal.deflection.model import NO_DATA, Counts, Metric, Status
from kbportal.deflection.outcomes import Verdict, count
from kbportal.deflection.searches import Search

CONFIRMED_ONLY = "confirmed_only"


def episode_metrics(
    verdicts: Sequence[Verdict], matured: Sequence[Verdict], *, cost_per_ticket: float | None
) -> dict[str, Metric]:
    """The rates of the matured episodes; of all, and provisional, while none has matured."""
    status: Status = "ok" if matured else "provisional"
    used = matured or verdicts
    counts = count(used)
    shown = [verdict for verdict in used if verdict.shown]
    confirmed = share(counts.X_D, counts.F, status=status)
    return {
        "confirmed_deflection_rate": confirmed,
        "causal_tickets_avoided": NO_DATA,
        "possible_deflection_band": _band(counts, status),
        "submission_rate": share(counts.T, counts.F, status=status),
        "take_back_rate": complement(share(counts.X_D, counts.P, status=status)),
        "abandonment_rate": share(counts.U, counts.F, status=status),
        "suggestion_coverage": share(len(shown), counts.F, status=status),
        "suggestion_open_rate": share(
            sum(verdict.opened for verdict in shown), len(shown), status=status
        ),
        "savings": _savings(confirmed, counts, cost_per_ticket),
    }


def search_metrics(found: Sequence[Search]) -> dict[str, Metric]:
    """The rates of searches on the search page, and on other surfaces than the form."""
    asked = [search for search in found if search.is_on_search_page]
    followed = [search for search in asked if search.opened is not None]
    answered = [search for search in followed if search.found]
    return {
        "zero_result_rate": share(sum(not s.found for s in asked), len(asked)),
        "no_open_rate": share(sum(not s.opened for s in answered), len(answered)),
        "reformulation_rate": share(sum(bool(s.reformulated) for s in followed), len(followed)),
        "search_ticket_rate": share(sum(bool(s.led_to_ticket) for s in followed), len(followed)),
    }


def _band(counts: Counts, status: Status) -> Metric:
    if counts.F == 0:
        return NO_DATA
    low, high = counts.X_D / counts.F, (counts.X_D + counts.I_D) / counts.F
    return Metric(None, counts.F, low, high, status)


def _savings(confirmed: Metric, counts: Counts, cost_per_ticket: float | None) -> Metric:
    if cost_per_ticket is None:
        return replace(NO_DATA, note=CONFIRMED_ONLY)
    return scaled(confirmed, counts.F * cost_per_ticket, note=CONFIRMED_ONLY)
