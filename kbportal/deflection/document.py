"""A report as JSON: what `kbportal report --json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, timedelta
from typing import Any

from kbportal.deflection.contents import ArticleRow, Breakdown, Guardrail, Report
from kbportal.deflection.model import Counts, Metric


def as_json(made: Report) -> dict[str, Any]:
    """The report as plain data; the dates are both included."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    return {
        "from": made.since.astimezone(UTC).date().isoformat(),
        "to": (made.until - timedelta(microseconds=1)).astimezone(UTC).date().isoformat(),
        "lang": made.lang,
        "category": made.category,
        "surface": made.surface,
        "arm": made.arm,
        "generated": made.now.isoformat(),
        "counted_at": made.made_at.isoformat() if made.made_at else None,
        "notes": list(made.notes),
        "rules_version": made.rules_version,
        "windows": {
            "lookback_h": _number(made.windows.lookback / hour),
            "horizon_h": _number(made.windows.horizon / hour),
            "durability_d": _number(made.windows.durability / day),
        },
        "outcomes": _counts(made.outcomes),
        "matured": _lasting(made.matured),
        "metrics": {name: _metric(metric) for name, metric in made.metrics.items()},
        "holdout": asdict(made.holdout) if made.holdout else None,
        "guardrails": {one.id: _guardrail(one) for one in made.guardrails},
        "funnel": asdict(made.funnel),
        "breakdowns": _breakdowns(made.breakdowns),
        "filtered": dict(made.filtered),
        "articles": [_article(row) for row in made.articles],
        "queries": [asdict(row) for row in made.queries],
        "queries_total": made.queries_total,
        "days": [
            {"day": one.day.isoformat(), **_counts(one.counts), "matured": one.matured}
            for one in made.days
        ],
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {"F": counts.F, "T": counts.T, "X": counts.X, "I": counts.I, "U": counts.U}


def _lasting(counts: Counts) -> dict[str, int]:
    return _counts(counts) | {"X_D": counts.X_D, "I_D": counts.I_D}


def _metric(metric: Metric) -> dict[str, Any]:
    shown = asdict(metric)
    if not metric.note:
        del shown["note"]
    return shown


def _guardrail(one: Guardrail) -> dict[str, Any]:
    before = _metric(one.before) if one.before else None
    return _metric(one.now) | {"unit": one.unit, "better": one.better, "before": before}


def _breakdowns(parts: Mapping[str, tuple[Breakdown, ...]]) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            {
                "key": one.key,
                "counts": _lasting(one.counts),
                "confirmed": _metric(one.confirmed),
                "submission": _metric(one.submission),
            }
            for one in rows
        ]
        for name, rows in parts.items()
    }


def _article(row: ArticleRow) -> dict[str, Any]:
    shown = asdict(row)
    rates = (("solved", row.rates.solved), ("tickets", row.rates.tickets),
             ("helpful", row.rates.helpful))  # fmt: skip
    return shown | {"rates": {name: _metric(metric) for name, metric in rates}}


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value
