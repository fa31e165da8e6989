"""How well search finds what agents answer with, per language and over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from kbportal.deflection.search_quality import Judged, Quality, Week, by_week, quality
from kbportal.web.insights.numbers import NOTHING, Track, number, percent, span, track_of
from kbportal.web.insights.period import Wanted
from kbportal.web.locale import language_name
from kbportal.web.phrases import day
from kbportal.web.portal import portal

WIDTH, HEIGHT = 1000.0, 100.0


@dataclass(frozen=True, slots=True)
class QualityLine:
    """The quality of one language or week. indexes: how many were asked."""

    name: str
    recall: str
    range: str
    track: Track | None
    mrr: str
    n: str
    indexes: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A week on the chart, and what it says in words."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class QualityPanel:
    """Everything in the panel. line, band: paths in SVG, empty for fewer than two weeks."""

    finding: str
    languages: list[QualityLine]
    weeks: list[QualityLine]
    line: str
    band: str
    dots: list[Dot]
    first: str
    last: str


def quality_panel(chosen: Wanted) -> QualityPanel:
    """The quality in the period; the search for a ticket belongs to the day it came."""
    found = judged(chosen)
    whole, weeks = quality(found), by_week(found, first=chosen.first)
    steps = max(1, (chosen.last - chosen.first).days // 7)
    places = [((one.first - chosen.first).days // 7) * WIDTH / steps for one in weeks]
    return QualityPanel(
        finding=_finding(whole),
        languages=_languages(found, whole),
        weeks=[_week(one) for one in weeks],
        line=_line(places, weeks),
        band=_band(places, weeks),
        dots=[_dot(x, one) for x, one in zip(places, weeks, strict=True)],
        first=day(chosen.first),
        last=day(chosen.last),
    )


def judged(chosen: Wanted) -> list[Judged]:
    """The judged tickets of the period, in the language that is asked for."""
    period = chosen.period
    found = portal().quality.judged(period.since, period.until)
    return [one for one in found if chosen.lang in ("", one.lang)]


def _finding(whole: Quality) -> str:
    if whole.recall.value is None:
        return str(_("Not enough data yet"))
    text = _("For %(share)s of %(n)s solved tickets, search had the right article among three")
    return str(text % {"share": percent(whole.recall.value), "n": number(whole.recall.n)})


def _languages(found: Sequence[Judged], whole: Quality) -> list[QualityLine]:
    if not found:
        return []
    rows = [_quality_line(str(_("All languages")), whole)]
    for lang in sorted({one.lang for one in found}):
        part = quality(one for one in found if one.lang == lang)
        rows.append(_quality_line(language_name(lang), part))
    return rows


def _week(one: Week) -> QualityLine:
    return _quality_line(day(one.first), one.quality, indexes=number(len(one.generations)))


def _quality_line(name: str, found: Quality, *, indexes: str = "") -> QualityLine:
    mrr = NOTHING if found.mrr.value is None else str(format_decimal(round(found.mrr.value, 2)))
    return QualityLine(
        name=name,
        recall=NOTHING if found.recall.value is None else percent(found.recall.value),
        range=span(found.recall),
        track=track_of(found.recall),
        mrr=mrr,
        n=number(found.recall.n),
        indexes=indexes,
    )


def _dot(x: float, week: Week) -> Dot:
    recall = week.quality.recall
    words = f"{day(week.first)}: {percent(recall.value or 0.0)} ({span(recall)}), n = {recall.n}"
    return Dot(round(x, 1), _y(recall.value), words)


def _line(places: Sequence[float], weeks: Sequence[Week]) -> str:
    if len(weeks) < 2:
        return ""
    points = (
        f"{x:.1f} {_y(one.quality.recall.value)}" for x, one in zip(places, weeks, strict=True)
    )
    return "M" + "L".join(points)


def _band(places: Sequence[float], weeks: Sequence[Week]) -> str:
    if len(weeks) < 2:
        return ""
    pairs = list(zip(places, weeks, strict=True))
    upper = [f"{x:.1f} {_y(one.quality.recall.high)}" for x, one in pairs]
    lower = [f"{x:.1f} {_y(one.quality.recall.low)}" for x, one in reversed(pairs)]
    return "M" + "L".join([*upper, *lower]) + "z"


def _y(share: float | None) -> float:
    return round(HEIGHT * (1 - (share or 0.0)), 1)
