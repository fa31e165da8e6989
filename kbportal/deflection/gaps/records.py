"""Evidence and effect of a gap as plain values for a store or for JSON, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from kbportal.deflection.gaps.model import (
    MONTH,
    Advice,
    Effect,
    Evidence,
    Gap,
    LanguageSurvey,
    Near,
    Survey,
    Trend,
)


def evidence_record(evidence: Evidence | None) -> dict[str, Any] | None:
    return None if evidence is None else asdict(evidence) | {"advice": str(evidence.advice)}


def evidence_from(record: Mapping[str, Any] | None) -> Evidence | None:
    if record is None:
        return None
    return Evidence(
        tickets=int(record["tickets"]),
        searches=int(record["searches"]),
        weeks=tuple(record["weeks"]),
        trend=Trend(**record["trend"]) if record["trend"] else None,
        examples=tuple(record["examples"]),
        whys=tuple((str(why), int(count)) for why, count in record["whys"]),
        near=tuple(Near(**one) for one in record["near"]),
        advice=Advice(record["advice"]),
        elsewhere=str(record["elsewhere"]),
        category=str(record["category"]),
    )


def effect_record(effect: Effect | None) -> dict[str, Any] | None:
    return None if effect is None else asdict(effect)


def effect_from(record: Mapping[str, Any] | None) -> Effect | None:
    return None if record is None else Effect(**record)


def language_from(record: Mapping[str, Any]) -> LanguageSurvey:
    return LanguageSurvey(**record)


def gaps_document(made: Survey, gaps: Iterable[Gap], *, cost: float) -> dict[str, Any]:
    """A survey with its gaps: what the page, the API and `kbportal gaps --json` give.

    Args:
        cost: Of one ticket.
    """
    return survey_record(made) | {"gaps": [gap_record(gap, made, cost=cost) for gap in gaps]}


def survey_record(made: Survey) -> dict[str, Any]:
    """A survey as JSON has it."""
    return _with_times_written(asdict(made))


def gap_record(gap: Gap, made: Survey, *, cost: float) -> dict[str, Any]:
    """A gap as JSON has it, its numbers per four weeks included.

    Args:
        cost: Of one ticket.
    """
    tickets = per_month(gap.evidence.tickets if gap.evidence else 0, made)
    searches = per_month(gap.evidence.searches if gap.evidence else 0, made)
    return _with_times_written(asdict(gap)) | {
        "tickets_per_month": round(tickets, 1),
        "searches_per_month": round(searches, 1),
        "cost_per_month": round(tickets * cost, 2),
    }


def _with_times_written(record: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in record.items()
    }


def per_month(count: int, made: Survey) -> float:
    """A count of the whole survey per four weeks."""
    return count * MONTH / max(made.until - made.since, MONTH)
