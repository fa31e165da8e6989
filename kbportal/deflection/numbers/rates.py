"""The rates over episodes and tickets, each as ``metrics.METRICS`` defines it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from kbportal.deflection.facts.day import Table
from kbportal.deflection.facts.stack import Stack
from kbportal.deflection.model import NO_DATA, Counts, Metric, Status
from kbportal.deflection.numbers.counting import count
from kbportal.deflection.numbers.intervals import complement, quantile, scaled, share
from kbportal.deflection.trials.experiment import Lift

CONFIRMED_ONLY = "confirmed_only"
CAUSAL = "causal"


def episode_metrics(
    episodes: Table, *, status: Status, effects: Mapping[str, float]
) -> dict[str, Metric]:
    """The rates of these episodes: the matured ones; while there is none, all, provisionally.

    Args:
        effects: As ``clusters.episode_effects`` gives them.
    """
    counts = count(episodes)
    shown = int(episodes["shown"].sum())
    opened = int((episodes["shown"] & episodes["opened"]).sum())
    parts = {
        "confirmed_deflection_rate": (counts.X_D, counts.F),
        "submission_rate": (counts.T, counts.F),
        "take_back_rate": (counts.X_D, counts.P),
        "abandonment_rate": (counts.U, counts.F),
        "suggestion_coverage": (shown, counts.F),
        "suggestion_open_rate": (opened, shown),
    }
    rates = {
        name: share(hits, cases, status=status, effect=effects.get(name, 1.0))
        for name, (hits, cases) in parts.items()
    }
    rates["take_back_rate"] = complement(rates["take_back_rate"])
    return rates | {"possible_deflection_band": _band(counts, status)}


def causal_metrics(
    lift: Lift | None, confirmed: Metric, counts: Counts, *, cost_per_ticket: float | None
) -> dict[str, Metric]:
    """What suggestions prevented, and what that saved; without a holdout the confirmed part."""
    causal = _avoided(lift)
    if cost_per_ticket is None:
        savings = replace(NO_DATA, note=CONFIRMED_ONLY)
    elif causal.value is not None:
        savings = scaled(causal, cost_per_ticket, note=CAUSAL)
    else:
        savings = scaled(confirmed, counts.F * cost_per_ticket, note=CONFIRMED_ONLY)
    return {"causal_tickets_avoided": causal, "savings": savings}


def ticket_metrics(stack: Stack) -> dict[str, Metric]:
    """What the tickets themselves tell."""
    tickets = stack.rows("tickets")
    known = tickets["known"]
    return {
        "failed_deflection_rate": share(int((known & tickets["read"]).sum()), int(known.sum())),
        "post_submit_resolution": share(int(tickets["withdrawn"].sum()), len(known)),
    }


def latency_metric(stack: Stack) -> Metric:
    """How long all but one in twenty answers with suggestions took at most, in milliseconds.

    Days that were counted before answers were timed have none.
    """
    answers = stack.rows("answers")
    times = np.bincount(answers["ms"], weights=answers["n"]).astype(np.int64)
    return quantile(np.arange(len(times)), 0.95, times=times)


def vote_metric(stack: Stack) -> Metric:
    """Of the episodes with a vote, those whose last vote is yes."""
    yes = stack.rows("polls")["yes"]
    return share(int(yes.sum()), len(yes))


def _avoided(lift: Lift | None) -> Metric:
    """d · N_shown; ``n`` are the visitors of both arms."""
    if lift is None:
        return NO_DATA
    if lift.status != "ok":
        return replace(NO_DATA, n=lift.n, note=lift.status)
    return scaled(Metric(lift.difference, lift.n, lift.low, lift.high, "ok"), lift.shown_n)


def _band(counts: Counts, status: Status) -> Metric:
    if counts.F == 0:
        return NO_DATA
    low, high = counts.X_D / counts.F, (counts.X_D + counts.I_D) / counts.F
    return Metric(None, counts.F, low, high, status)
