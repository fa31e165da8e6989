"""One period's report: a sum over the facts of its days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from kbportal.deflection.contents import Report
from kbportal.deflection.document import as_json
from kbportal.deflection.facts.day import DayFacts
from kbportal.deflection.facts.stack import Narrowed, Stack
from kbportal.deflection.metrics import METRICS
from kbportal.deflection.model import Note, ServiceFacts, Status, Windows
from kbportal.deflection.numbers import counting
from kbportal.deflection.numbers.articles import article_table
from kbportal.deflection.numbers.clusters import episode_effects
from kbportal.deflection.numbers.guardrails import guardrails
from kbportal.deflection.numbers.lift import measured_lift
from kbportal.deflection.numbers.queries import by_query, search_metrics
from kbportal.deflection.numbers.rates import (
    causal_metrics,
    episode_metrics,
    latency_metric,
    ticket_metrics,
    vote_metric,
)
from kbportal.deflection.numbers.ratios import ratio_metrics
from kbportal.deflection.period import Period, days
from kbportal.deflection.reading.noise import RULES, RULES_VERSION
from kbportal.deflection.reading.roll_up import roll_up_from
from kbportal.deflection.reading.source import EventList
from kbportal.events.catalog import Event

__all__ = ["ALL", "Narrowed", "Period", "as_json", "days", "report", "report_of_events"]

SEED = 20_240_601
DEFAULT_WINDOWS = Windows()
ALL = Narrowed()
NO_SERVICE = ServiceFacts()
MOST_QUERIES = 1_000


def report(
    facts: Iterable[DayFacts],
    *,
    period: Period,
    now: datetime,
    windows: Windows = DEFAULT_WINDOWS,
    narrowed: Narrowed = ALL,
    cost_per_ticket: float | None = None,
    service: ServiceFacts = NO_SERVICE,
    notes: Sequence[Note] = (),
    made_at: datetime | None = None,
    most_queries: int | None = MOST_QUERIES,
) -> Report:
    """Everything that can be said about a period.

    Args:
        facts: Those of its days, made with these windows; of other days they are left out.
        narrowed: Only what happened there.
        service: What became of the tickets of the period.
        notes: What a reader must know of the facts.
        most_queries: As ``queries.by_query`` takes it.
    """
    wanted = set(period.days)
    within = {one.day: one for one in facts if one.day in wanted}
    stack = Stack([one for _, one in sorted(within.items())], narrowed)
    episodes = stack.rows("episodes")
    matured = counting.matured(episodes, now)
    counts = counting.count(matured)
    status: Status = "ok" if counts.F else "provisional"
    used = matured if counts.F else episodes
    lift = measured_lift(stack, matured)
    effects = episode_effects(used, stack.persons(used["visitor"]))
    rates = episode_metrics(used, status=status, effects=effects)
    tickets = len(stack.rows("tickets")["known"])
    metrics = {
        **rates,
        **causal_metrics(
            lift,
            rates["confirmed_deflection_rate"],
            counting.count(used),
            cost_per_ticket=cost_per_ticket,
        ),
        **search_metrics(stack),
        **ticket_metrics(stack),
        **ratio_metrics(stack, tickets=tickets, seed=SEED),
        "self_service_success": vote_metric(stack),
        "suggestion_latency_p95": latency_metric(stack),
    }
    queries, queries_total = by_query(stack, most=most_queries)
    return Report(
        since=period.since,
        until=period.until,
        now=now,
        lang=narrowed.lang,
        category=narrowed.category,
        surface=narrowed.surface,
        arm=narrowed.arm,
        windows=windows,
        rules_version=RULES_VERSION,
        outcomes=counting.count(episodes),
        matured=counts,
        metrics={name: metrics[name] for name in METRICS},
        filtered=_filtered(stack),
        articles=article_table(stack),
        queries=queries,
        queries_total=queries_total,
        days=counting.by_day(stack, episodes, now),
        holdout=lift,
        guardrails=guardrails(used, metrics, service, status=status),
        funnel=counting.funnel(used),
        breakdowns=counting.breakdowns(stack, used, status=status, effects=effects),
        notes=tuple(notes),
        made_at=made_at or now,
    )


def report_of_events(
    events: Iterable[Event],
    *,
    period: Period,
    now: datetime,
    windows: Windows = DEFAULT_WINDOWS,
    staff: frozenset[str] = frozenset(),
    narrowed: Narrowed = ALL,
    cost_per_ticket: float | None = None,
) -> Report:
    """The same straight from events, which are rolled up day by day on the way."""
    source = EventList(events)
    facts = (
        roll_up_from(source, day=day, windows=windows, staff=staff, now=now) for day in period.days
    )
    return report(
        facts,
        period=period,
        now=now,
        windows=windows,
        narrowed=narrowed,
        cost_per_ticket=cost_per_ticket,
        most_queries=None,
    )


def _filtered(stack: Stack) -> dict[str, int]:
    """Events that each rule left out; they are counted before anything is narrowed."""
    total: Counter[str] = Counter(dict.fromkeys(RULES, 0))
    for one in stack.days:
        total.update(one.filtered)
    return dict(total)
