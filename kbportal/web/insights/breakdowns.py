"""The headline by language, topic, place and arm: where it works and where not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from kbportal.deflection.contents import Breakdown, Report
from kbportal.deflection.model import Metric
from kbportal.web.insights.numbers import NOTHING, Track, number, percent, span, track_of
from kbportal.web.insights.period import Wanted
from kbportal.web.insights.words import arm_word, surface_word
from kbportal.web.locale import language_name

MOST = 12


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of the whole. url: the page narrowed to it, empty where it cannot be."""

    name: str
    url: str
    n: str
    confirmed: str
    range: str
    track: Track | None
    submission: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The whole by one thing, the largest part first."""

    id: str
    title: str
    lines: list[PartLine]


def breakdowns(made: Report, chosen: Wanted, *, categories: dict[str, str]) -> list[Parts]:
    """Every way to part the whole that has more than one part.

    Args:
        categories: Titles of the topics, by slug.
    """
    titles = {
        "lang": _("By language"),
        "category": _("By topic"),
        "surface": _("By place"),
        "arm": _("By arm of the experiment"),
    }
    return [
        Parts(kind, title, _lines(kind, made.breakdowns.get(kind, ()), chosen, categories))
        for kind, title in titles.items()
        if len(made.breakdowns.get(kind, ())) > 1
    ]


def _lines(
    kind: str, rows: Iterable[Breakdown], chosen: Wanted, categories: dict[str, str]
) -> list[PartLine]:
    return [
        PartLine(
            name=_name(kind, row.key, categories),
            url=_url(kind, row.key, chosen),
            n=number(row.counts.F),
            confirmed=_value(row.confirmed),
            range=span(row.confirmed),
            track=track_of(row.confirmed),
            submission=_value(row.submission),
        )
        for row in list(rows)[:MOST]
    ]


def _name(kind: str, key: str, categories: dict[str, str]) -> str:
    if not key:
        return str(_("not known"))
    if kind == "lang":
        return language_name(key)
    if kind == "category":
        return categories.get(key, key)
    return surface_word(key) if kind == "surface" else arm_word(key)


def _url(kind: str, key: str, chosen: Wanted) -> str:
    name = {"lang": "language"}.get(kind, kind)
    if not key or chosen.arguments().get(name) == key:
        return ""
    return url_for(request.endpoint or "", **(chosen.arguments() | {name: key}))


def _value(metric: Metric) -> str:
    return NOTHING if metric.value is None else percent(metric.value)
