"""What every number means, in plain words and as a formula, with the windows it is counted by."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, url_for

from kbportal.web.insights import period
from kbportal.web.insights.frame import Frame, frame
from kbportal.web.insights.numbers import MetricRow, metric_rows
from kbportal.web.insights.source import reports
from kbportal.web.insights.words import OUTCOME_WORDS, span_word


@dataclass(frozen=True, slots=True)
class DefinitionsPage:
    """Everything on the page. spans: each window by its letter, its length. rules: version."""

    frame: Frame
    metrics: list[MetricRow]
    outcomes: list[tuple[str, str, str]]
    spans: list[tuple[str, str]]
    rules: int
    file: str


def definitions() -> Response:
    """The page."""
    chosen = period.wanted()
    both = reports(chosen)
    spans = both.now.windows
    page = DefinitionsPage(
        frame=frame(chosen, made_at=both.now.made_at or both.now.now),
        metrics=list(metric_rows(both.now, both.earlier, arguments=chosen.arguments()).values()),
        outcomes=[(letter, str(name), str(text)) for letter, (name, text) in OUTCOME_WORDS.items()],
        spans=[
            ("L", span_word(spans.lookback)),
            ("H", span_word(spans.horizon)),
            ("D", span_word(spans.durability)),
        ],
        rules=both.now.rules_version,
        file=url_for("insights.table", name="numbers", **chosen.arguments()),
    )
    return make_response(render_template("insights/definitions.html", page=page))
