"""Metrics as people read them: value, interval, cases, window, and how sure all that is."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import format_currency, format_decimal, format_percent, get_locale
from flask_babel import gettext as _

from kbportal.deflection.metrics import METRICS, Definition
from kbportal.deflection.model import Metric, Report, Status
from kbportal.web.insights.words import METRIC_WORDS, status_word, window_word
from kbportal.web.portal import portal

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Track:
    """An interval drawn on a line from 0 to 100."""

    low: float
    width: float
    value: float | None


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One number with all that belongs to it, in words.

    value: `NOTHING` where there is none. before: the value of the equally long period before.
    """

    id: str
    name: str
    meaning: str
    formula: str
    value: str
    range: str
    n: str
    window: str
    status: Status
    status_word: str
    before: str
    is_activity: bool
    track: Track | None


def metric_rows(made: Report, earlier: Report) -> dict[str, MetricRow]:
    """Every metric by its id, in the order of their table."""
    return {name: _row(METRICS[name], made, earlier) for name in METRICS}


def number(value: int) -> str:
    """A count."""
    return str(format_decimal(value))


def percent(part: float) -> str:
    """A share in whole percent; small ones with one decimal."""
    pattern = get_locale().percent_formats[None].pattern
    if 0 < part < 0.095:
        pattern = pattern.replace("0", "0.#", 1)
    return str(format_percent(part, pattern))


def _row(definition: Definition, made: Report, earlier: Report) -> MetricRow:
    metric, words = made.metrics[definition.id], METRIC_WORDS[definition.id]
    before = _value(earlier.metrics[definition.id], definition)
    return MetricRow(
        id=definition.id,
        name=str(words.name),
        meaning=str(words.meaning),
        formula=definition.formula,
        value=_value(metric, definition),
        range=_range(metric, definition),
        n=number(metric.n),
        window=window_word(words.window, made.windows),
        status=metric.status,
        status_word=status_word(metric.status),
        before="" if before == NOTHING else before,
        is_activity=definition.kind == "activity",
        track=_track(metric, definition),
    )


def _value(metric: Metric, definition: Definition) -> str:
    if definition.unit == "band":
        return _range(metric, definition) or NOTHING
    return NOTHING if metric.value is None else _number(metric.value, definition)


def _range(metric: Metric, definition: Definition) -> str:
    if metric.low is None or metric.high is None:
        return ""
    low, high = _number(metric.low, definition), _number(metric.high, definition)
    return str(_("%(low)s to %(high)s", low=low, high=high))


def _number(value: float, definition: Definition) -> str:
    if definition.unit in ("share", "band"):
        return percent(value)
    if definition.unit == "money":
        currency = portal().settings.currency
        pattern = get_locale().currency_formats["standard"].pattern.replace(".00", "")
        return str(format_currency(round(value), currency, pattern, currency_digits=False))
    return str(format_decimal(round(value, 1)))


def _track(metric: Metric, definition: Definition) -> Track | None:
    if definition.unit not in ("share", "band") or metric.low is None or metric.high is None:
        return None
    low, high = 100 * metric.low, 100 * metric.high
    value = None if metric.value is None else round(100 * metric.value, 2)
    return Track(round(low, 2), round(max(high - low, 0.6), 2), value)
