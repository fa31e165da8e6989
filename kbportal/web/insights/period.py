"""Which days and which language the page is about, from its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from kbportal.deflection.report import Period, days
from kbportal.web.phrases import day
from kbportal.web.portal import portal

PRESETS, DEFAULT_DAYS, MOST_DAYS = (7, 28, 90), 28, 400
MAX_PART = 120
DATES = frozenset({"days", "from", "to"})
"""The parts of an address that say which days."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """first and last day, both included (UTC); preset 0 for own dates.

    lang, category, surface, arm: what it is narrowed to; empty for all.
    """

    first: date
    last: date
    lang: str
    preset: int
    category: str = ""
    surface: str = ""
    arm: str = ""

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def period(self) -> Period:
        return days(self.first, self.last)

    @property
    def earlier(self) -> Period:
        """The equally long period just before."""
        before = self.first - timedelta(days=1)
        return days(before - timedelta(days=self.length - 1), before)

    def arguments(self) -> dict[str, Any]:
        """What an address must hold to mean the same."""
        parts = {"language": self.lang, "category": self.category, "surface": self.surface,
                 "arm": self.arm}  # fmt: skip
        chosen: dict[str, Any] = {name: value for name, value in parts.items() if value}
        if self.preset:
            return chosen | {"days": self.preset}
        return chosen | {"from": self.first.isoformat(), "to": self.last.isoformat()}


@dataclass(frozen=True, slots=True)
class Preset:
    """A period to choose with one press."""

    title: str
    url: str
    is_current: bool


def wanted() -> Wanted:
    """What the address asks for; whatever cannot be meant falls back to the last 28 days."""
    today = portal().clock().date()
    lang = request.args.get("language", "")
    lang = lang if lang in portal().settings.languages else ""
    parts = {name: _part(name) for name in ("category", "surface", "arm")}
    first, last = _date("from"), _date("to")
    if first or last:
        end = min(last or today, today)
        start = min(first or end - timedelta(days=DEFAULT_DAYS - 1), today)
        start, end = min(start, end), max(start, end)
        return Wanted(max(start, end - timedelta(days=MOST_DAYS - 1)), end, lang, 0, **parts)
    preset = request.args.get("days", DEFAULT_DAYS, type=int)
    preset = preset if preset in PRESETS else DEFAULT_DAYS
    return Wanted(today - timedelta(days=preset - 1), today, lang, preset, **parts)


def presets(
    chosen: Wanted, *, endpoint: str, view: Mapping[str, Any] | None = None
) -> list[Preset]:
    """The periods to choose from on a page, with all else kept."""
    narrowed = {name: one for name, one in chosen.arguments().items() if name not in DATES}
    return [
        Preset(
            title=ngettext("%(num)d day", "%(num)d days", length),
            url=url_for(endpoint, **(view or {}), **(narrowed | {"days": length})),
            is_current=length == chosen.preset,
        )
        for length in PRESETS
    ]


def words(chosen: Wanted) -> str:
    """The period in words."""
    if chosen.first == chosen.last:
        return day(chosen.first)
    return str(_("%(first)s to %(last)s", first=day(chosen.first), last=day(chosen.last)))


def _part(name: str) -> str:
    """A part of the whole that the page is narrowed to, as a key of its breakdowns."""
    return request.args.get(name, "")[:MAX_PART]


def _date(name: str) -> date | None:
    """A day of the years in which dates can be computed with."""
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2999 else None
