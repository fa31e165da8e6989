"""The numbers that must not get worse while the headline gets better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString, format_decimal, lazy_gettext, ngettext
from flask_babel import gettext as _

from kbportal.deflection.contents import Guardrail, Report
from kbportal.web.insights.numbers import NOTHING, number, percent, span
from kbportal.web.insights.words import METRIC_WORDS

GUARDRAIL_WORDS: Mapping[str, LazyString] = {
    "satisfaction": lazy_gettext("Satisfied with our answer"),
    "reopen_rate": lazy_gettext("Opened again after an answer"),
    "take_back_rate": METRIC_WORDS["take_back_rate"].name,
    "seconds_to_submit": lazy_gettext("Time from beginning a ticket to sending it"),
    "abandonment_rate": METRIC_WORDS["abandonment_rate"].name,
    "answered_rate": lazy_gettext("Got an answer from a person"),
}


@dataclass(frozen=True, slots=True)
class RailLine:
    """A guardrail as people read it; `verdict` says in words what `is_worse` says, if anything."""

    id: str
    name: str
    value: str
    range: str
    n: str
    before: str
    verdict: str
    is_worse: bool


def guardrail_lines(made: Report) -> list[RailLine]:
    """Every guardrail of the report, in its order."""
    return [_line(rail) for rail in made.guardrails]


def _line(rail: Guardrail) -> RailLine:
    before = _value(rail.before.value, rail) if rail.before else NOTHING
    return RailLine(
        id=rail.id,
        name=str(GUARDRAIL_WORDS.get(rail.id, rail.id)),
        value=_value(rail.now.value, rail),
        range=span(rail.now, lambda value: _value(value, rail)),
        n=number(rail.now.n),
        before="" if before == NOTHING else before,
        verdict=_verdict(rail),
        is_worse=rail.worse,
    )


def _verdict(rail: Guardrail) -> str:
    if rail.now.value is None:
        return ""
    if rail.before is None or rail.before.value is None:
        return str(_("new"))
    return str(_("got worse")) if rail.worse else str(_("holds"))


def _value(value: float | None, rail: Guardrail) -> str:
    if value is None:
        return NOTHING
    if rail.unit == "share":
        return percent(value)
    if value < 120:
        return str(ngettext("%(num)d second", "%(num)d seconds", round(value)))
    return str(_("%(minutes)s min", minutes=format_decimal(round(value / 60, 1))))
