"""One period's report from raw events, and its JSON form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from kbportal.deflection import activity
from kbportal.deflection.articles import article_table
from kbportal.deflection.episodes import Episode, episodes, merged_by_person
from kbportal.deflection.intervals import share
from kbportal.deflection.metrics import METRICS
from kbportal.deflection.model import (
    Breakdown,
    Counts,
    Day,
    Funnel,
    Guardrail,
    Metric,
    Report,
    Windows,
)
from kbportal.deflection.noise import RULES_VERSION, Clean, without_noise
from kbportal.deflection.outcomes import Verdict, count, judge_all, ticket_times
from kbportal.deflection.rates import episode_metrics, search_metrics
from kbportal.deflection.searches import by_query, searches
from kbportal.events.catalog import Event, EventType

SEED = 20_240_601
DEFAULT_WINDOWS = Windows()


@dataclass(frozen=True, slots=True)
class Period:
    """since <= start < until, aware UTC."""

    since: datetime
    until: datetime

    def owns(self, moment: datetime) -> bool:
        """Whether something that happened then belongs to the period."""
        return self.since <= moment < self.until


def days(first: date, last: date) -> Period:
    """The period of these days, both included, in UTC."""
    start = datetime.combine(first, time(), UTC)
    return Period(start, datetime.combine(last, time(), UTC) + timedelta(days=1))


def reading_span(period: Period, *, windows: Windows, now: datetime) -> Period:
    """Which events a report needs: those that an episode may have begun with, to the present."""
    before = max(windows.lookback, windows.episode_gap, windows.session_gap)
    return Period(period.since - before, max(now, period.until) + timedelta(seconds=1))


def report(
    events: Iterable[Event],
    *,
    period: Period,
    now: datetime,
    windows: Windows = DEFAULT_WINDOWS,
    staff: frozenset[str] = frozenset(),
    lang: str | None = None,
    cost_per_ticket: float | None = None,
) -> Report:
    """Everything that can be said about a period.

    Args:
        events: Those of ``reading_span`` at least, in any order, repeated or not.
        staff: Ids of the staff's accounts, whose events do not count.
        lang: Only episodes, searches, reads and tickets in this language.
    """
    clean = without_noise(events, staff=staff)
    known, glances = _merged(clean)
    times = ticket_times(known)
    found = [
        episode
        for episode in episodes(known, gap=windows.episode_gap)
        if period.owns(episode.started) and lang in (None, _lang(episode))
    ]
    verdicts = judge_all(found, times, windows=windows)
    matured = [verdict for verdict in verdicts if verdict.settled <= now]
    mine = [e for e in known if period.owns(e.ts) and lang in (None, e.locale)]
    asked = [
        search
        for search in searches(known, glances, times, windows=windows)
        if period.owns(search.event.ts) and lang in (None, search.event.locale)
    ]
    reads = activity.unique_reads(mine, windows=windows)
    sent = (event for event in mine if event.type is EventType.TICKET_CREATED)
    tickets = activity.tickets_of(known, sent, lookback=windows.lookback)
    metrics = {
        **episode_metrics(verdicts, matured, cost_per_ticket=cost_per_ticket),
        **search_metrics(asked),
        **activity.ticket_metrics(tickets),
        **activity.ratio_metrics(reads, asked, tickets, seed=SEED),
        "self_service_success": activity.vote_metric(found),
    }
    return Report(
        since=period.since,
        until=period.until,
        now=now,
        lang=lang,
        windows=windows,
        rules_version=RULES_VERSION,
        outcomes=count(verdicts),
        matured=count(matured),
        metrics={name: metrics[name] for name in METRICS},
        filtered=clean.filtered,
        articles=article_table(reads, verdicts, tickets, mine),
        queries=by_query(asked),
        days=_days(verdicts, now=now),
        funnel=_funnel(matured),
        breakdowns={"lang": _breakdown(matured), "category": (), "surface": (), "arm": ()},
        guardrails=(
            Guardrail("take_back_rate", metrics["take_back_rate"]),
            Guardrail("abandonment_rate", metrics["abandonment_rate"]),
        ),
        made_at=now,
    )


def _funnel(verdicts: Sequence[Verdict]) -> Funnel:
    counts = count(verdicts)
    shown = [verdict for verdict in verdicts if verdict.shown]
    return Funnel(
        started=counts.F,
        shown=len(shown),
        opened=sum(verdict.opened for verdict in shown),
        solved=counts.X,
        submitted=counts.T,
    )


def _breakdown(verdicts: Iterable[Verdict]) -> tuple[Breakdown, ...]:
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.lang, []).append(verdict)
    counted = ((key, count(group)) for key, group in groups.items())
    rows = (
        Breakdown(key, counts, share(counts.X_D, counts.F), share(counts.T, counts.F))
        for key, counts in counted
    )
    return tuple(sorted(rows, key=lambda row: (-row.counts.F, row.key)))


def as_json(made: Report) -> dict[str, Any]:
    """The report as ``kbportal report --json`` prints it; the dates are both included."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    return {
        "from": made.since.astimezone(UTC).date().isoformat(),
        "to": (made.until - timedelta(microseconds=1)).astimezone(UTC).date().isoformat(),
        "lang": made.lang,
        "generated": made.now.isoformat(),
        "rules_version": made.rules_version,
        "windows": {
            "lookback_h": _number(made.windows.lookback / hour),
            "horizon_h": _number(made.windows.horizon / hour),
            "durability_d": _number(made.windows.durability / day),
        },
        "outcomes": _counts(made.outcomes),
        "matured": _counts(made.matured) | {"X_D": made.matured.X_D, "I_D": made.matured.I_D},
        "metrics": {name: _metric(metric) for name, metric in made.metrics.items()},
        "filtered": dict(made.filtered),
        "articles": [asdict(row) for row in made.articles],
        "queries": [asdict(row) for row in made.queries],
    }


def _merged(clean: Clean) -> tuple[Sequence[Event], Sequence[Event]]:
    both = merged_by_person((*clean.events, *clean.glances))
    return both[: len(clean.events)], both[len(clean.events) :]


def _lang(episode: Episode) -> str:
    """An episode is in the language in which its form was started, else in its first one."""
    start = episode.form_start()
    return start.locale if start else episode.events[0].locale


def _days(verdicts: Iterable[Verdict], *, now: datetime) -> tuple[Day, ...]:
    by_day: dict[date, list[Verdict]] = {}
    for verdict in verdicts:
        by_day.setdefault(verdict.episode.started.astimezone(UTC).date(), []).append(verdict)
    return tuple(
        Day(day, count(group), all(verdict.settled <= now for verdict in group))
        for day, group in sorted(by_day.items())
    )


def _counts(counts: Counts) -> dict[str, int]:
    return {"F": counts.F, "T": counts.T, "X": counts.X, "I": counts.I, "U": counts.U}


def _metric(metric: Metric) -> dict[str, Any]:
    shown = asdict(metric)
    if not metric.note:
        del shown["note"]
    return shown


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value
