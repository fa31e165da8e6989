"""The pages of this room as JSON, for whoever is signed in; programs take the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, jsonify, request

from kbportal.deflection.document import as_json
from kbportal.deflection.search_quality import Quality, by_week, quality
from kbportal.web.insights.pager import PER_PAGE, page_links
from kbportal.web.insights.period import wanted
from kbportal.web.insights.quality import judged
from kbportal.web.insights.rows import behind
from kbportal.web.insights.source import reports


def report_json() -> Response:
    """The period's report, and the same numbers a period earlier."""
    both = reports(wanted())
    earlier = as_json(both.earlier)
    before = {name: earlier[name] for name in ("from", "to", "outcomes", "matured", "metrics")}
    return jsonify(as_json(both.now) | {"before": before})


def rows_json(metric: str) -> Response:
    """A page of the cases behind a number."""
    _chosen, _both, whole = behind(metric)
    found = whole.only_counted() if request.args.get("only") == "1" else whole
    links = page_links(len(found), {})
    first = (links.number - 1) * PER_PAGE
    rows = [
        asdict(one) | {"day": one.day.isoformat(), "start": one.start and one.start.isoformat()}
        for one in found.slice(first, first + PER_PAGE)
    ]
    return jsonify(
        metric=metric, kind=found.kind, n=whole.n, counted=whole.counted, page=links.number,
        pages=links.last, rows=rows,
    )  # fmt: skip


def quality_json() -> Response:
    """How well search finds what agents answer with."""
    chosen = wanted()
    found = judged(chosen)
    languages = sorted({one.lang for one in found})
    return jsonify(
        all=_quality(quality(found)),
        languages={
            lang: _quality(quality(one for one in found if one.lang == lang)) for lang in languages
        },
        weeks=[
            {"from": week.first.isoformat(), "indexes": week.generations, **_quality(week.quality)}
            for week in by_week(found, first=chosen.first)
        ],
    )


def _quality(found: Quality) -> dict[str, Any]:
    return {"recall@3": asdict(found.recall), "mrr": asdict(found.mrr)}
