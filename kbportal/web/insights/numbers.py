"""Metrics as people read them: value, interval, cases, window, and how sure all that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from flask import url_for
from flask_babel import format_currency, format_decimal, format_percent, get_locale
from flask_babel import gettext as _

from kbportal.deflection.contents import Report
from kbportal.deflection.metrics import METRICS, Definition
from kbportal.deflection.model import Metric, Status
from kbportal.deflection.numbers.cases import WITH_CASES
from kbportal.deflection.numbers.comparing import Change, change
from kbportal.deflection.numbers.rates import CAUSAL
from kbportal.web.insights.words import METRIC_WORDS, SAVINGS_MEASURED, status_word, window_word
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

    value: `NOTHING` where there is none. before: the value of the equally long period before;
    change: how sure the difference to it is. about, rows: the pages with its definition, and with
    the cases behind it, empty where there are none to show.
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
    change: str
    is_activity: bool
    track: Track | None
    about: str = ""
    rows: str = ""


def metric_rows(
    made: Report, earlier: Report, *, arguments: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, MetricRow]:
    """Every metric by its id, in the order of their table.

    Args:
        arguments: What the addresses of other pages about this period must hold.
    """
    rows = {name: _row(METRICS[name], made, earlier) for name in METRICS}
    about = url_for("insights.definitions", **arguments)
    return {
        name: replace(row, about=f"{about}#{name}", rows=_rows_url(row, arguments))
        for name, row in rows.items()
    }


def _rows_url(row: MetricRow, arguments: Mapping[str, Any]) -> str:
    if row.id not in WITH_CASES or row.status == "not_enough_data":
        return ""
    return url_for("insights.rows", metric=row.id, **arguments)


def number(value: int) -> str:
    """A count."""
    return str(format_decimal(value))


def percent(part: float) -> str:
    """A share in whole percent; small ones with one decimal."""
    pattern = get_locale().percent_formats[None].pattern
    if 0 < part < 0.095:
        pattern = pattern.replace("0", "0.#", 1)
    return str(format_percent(part, pattern))


def money(value: float) -> str:
    """An amount in the portal's currency, whole."""
    currency = portal().settings.currency
    pattern = get_locale().currency_formats["standard"].pattern.replace(".00", "")
    return str(format_currency(round(value), currency, pattern, currency_digits=False))


def span(metric: Metric, say: Callable[[float], str] = percent) -> str:
    """The interval in words; empty where there is none. say: how one of its ends is written."""
    if metric.low is None or metric.high is None:
        return ""
    return str(_("%(low)s to %(high)s", low=say(metric.low), high=say(metric.high)))


def _row(definition: Definition, made: Report, earlier: Report) -> MetricRow:
    metric = made.metrics[definition.id]
    words = SAVINGS_MEASURED if metric.note == CAUSAL else METRIC_WORDS[definition.id]
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
        before=_before(definition, made, earlier),
        change=_change(change(metric, earlier.metrics[definition.id]), definition),
        is_activity=definition.kind == "activity",
        track=track_of(metric) if definition.unit in ("share", "band") else None,
    )


def _before(definition: Definition, made: Report, earlier: Report) -> str:
    """What it was; of sums nothing while young days are missing in this one, but not in that."""
    if definition.unit in ("money", "count") and made.matured.F < made.outcomes.F:
        return ""
    before = _value(earlier.metrics[definition.id], definition)
    return "" if before == NOTHING else before


def points(value: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    return str(format_decimal(round(100 * value, 1), "+#,##0.#;−#,##0.#"))


def _change(found: Change | None, definition: Definition) -> str:
    """Whether it changed by more than chance, and a share how much; empty where nobody can say."""
    if found is None or definition.unit not in ("share", "ms"):
        return ""
    if not found.is_sure:
        return str(_("the difference may be chance"))
    if definition.unit != "share":
        return ""
    text = _("%(change)s points, %(low)s to %(high)s")
    facts = {"change": points(found.value), "low": points(found.low), "high": points(found.high)}
    return str(text % facts)


def _value(metric: Metric, definition: Definition) -> str:
    if definition.unit == "band":
        return _range(metric, definition) or NOTHING
    return NOTHING if metric.value is None else _number(metric.value, definition)


def _range(metric: Metric, definition: Definition) -> str:
    return span(metric, lambda value: _number(value, definition))


def _number(value: float, definition: Definition) -> str:
    if definition.unit in ("share", "band"):
        return percent(value)
    if definition.unit == "money":
        return money(value)
    if definition.unit == "count":
        return number(round(value))
    if definition.unit == "ms":
        return str(_("%(n)s ms", n=number(round(value))))
    return str(format_decimal(round(value, 1)))


def track_of(metric: Metric) -> Track | None:
    """A share's interval on a line from 0 to 100."""
    if metric.low is None or metric.high is None:
        return None
    low, high = 100 * metric.low, 100 * metric.high
    value = None if metric.value is None else round(100 * metric.value, 2)
    return Track(round(low, 2), round(max(high - low, 0.6), 2), value)
