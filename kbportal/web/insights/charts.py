"""Charts as geometry: numbers between 0 and a size, which a template puts into SVG."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from kbportal.deflection.contents import Day, Report
from kbportal.deflection.model import Counts
from kbportal.web.insights.numbers import number, percent
from kbportal.web.insights.period import DATES, Wanted
from kbportal.web.insights.words import OUTCOME_WORDS, status_word
from kbportal.web.phrases import day

BAR, HEIGHT, STEP = 1000.0, 100.0, 10.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the bar of all form starts, and its line in the table beneath."""

    letter: str
    name: str
    meaning: str
    count: str
    share: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Block:
    """A part of one day's bar; y counts from the top."""

    letter: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A day (`date` as in ISO 8601): its blocks from the bottom up, and what it says in words."""

    date: str
    x: float
    words: str
    blocks: list[Block]
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day in the table beneath: all, and each outcome in the order of the chart.

    url: the page of this day alone.
    """

    day: str
    url: str
    figures: list[str]
    state: str


@dataclass(frozen=True, slots=True)
class Trend:
    """One bar per day. finding: its title; top: what the full height stands for."""

    finding: str
    bars: list[Bar]
    lines: list[DayLine]
    width: float
    top: str
    first: str
    middle: str
    last: str
    has_provisional: bool


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How the form starts ended. young: those that are too young to count yet."""

    finding: str
    total: str
    segments: list[Segment]
    young: int
    is_provisional: bool


def outcomes(made: Report) -> Outcomes:
    """The settled form starts; while there are none, all of them, provisionally."""
    settled = made.matured.F > 0
    counts = made.matured if settled else made.outcomes
    young = made.outcomes.F - made.matured.F if settled else 0
    return Outcomes(_outcomes_say(counts), number(counts.F), _segments(counts), young, not settled)


def trend(made: Report, chosen: Wanted) -> Trend:
    """Every day of the period, empty ones too."""
    known = {one.day: one for one in made.days}
    first, last = chosen.first, chosen.last
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    top = max((one.counts.F for one in made.days), default=0) or 1
    bars = [_bar(at, when, known.get(when), top) for at, when in enumerate(days)]
    return Trend(
        finding=_trend_says(made.outcomes.F / len(days)),
        bars=bars,
        lines=[_line(one, chosen) for one in made.days],
        width=STEP * len(days),
        top=number(top),
        first=day(days[0]),
        middle=day(days[len(days) // 2]) if len(days) > 2 else "",
        last=day(days[-1]) if len(days) > 1 else "",
        has_provisional=any(bar.is_provisional for bar in bars),
    )


def day_words(one: Day) -> str:
    """A day's outcomes as a sentence."""
    counts = one.counts
    text = _(
        "%(day)s: %(solved)d solved by an article, %(read)d read a suggestion, %(left)d left, "
        "%(sent)d sent a ticket",
        day=day(one.day), solved=counts.X, read=counts.I, left=counts.U, sent=counts.T,
    )  # fmt: skip
    if one.matured:
        return str(text)
    provisional = _("provisional")
    return f"{text} ({provisional})"


def _outcomes_say(counts: Counts) -> str:
    text = _("Of %(all)s who began a ticket, an article solved it for %(solved)s; %(sent)s sent it")
    facts = {"all": number(counts.F), "solved": number(counts.X), "sent": number(counts.T)}
    return str(text % facts)


def _trend_says(per_day: float) -> str:
    mean = format_decimal(round(per_day, 1))
    return str(_("%(mean)s people a day began a ticket", mean=mean))


def _line(one: Day, chosen: Wanted) -> DayLine:
    counts = (one.counts.F, *(getattr(one.counts, letter) for letter in OUTCOME_WORDS))
    rest = {name: value for name, value in chosen.arguments().items() if name not in DATES}
    only = one.day.isoformat()
    url = url_for("insights.dashboard", **(rest | {"from": only, "to": only}))
    state = status_word("ok" if one.matured else "provisional")
    return DayLine(day(one.day), url, [number(count) for count in counts], state)


def _segments(counts: Counts) -> list[Segment]:
    found: list[Segment] = []
    at = 0.0
    for letter, (name, meaning) in OUTCOME_WORDS.items():
        count = getattr(counts, letter)
        width = BAR * count / counts.F if counts.F else 0.0
        share = percent(count / counts.F) if counts.F else ""
        found.append(
            Segment(
                letter, str(name), str(meaning), number(count), share, round(at, 2), round(width, 2)
            )
        )
        at += width
    return found


def _bar(at: int, when: date, known: Day | None, top: int) -> Bar:
    if known is None:
        return Bar(when.isoformat(), STEP * at, day(when), [], False)
    blocks: list[Block] = []
    y = HEIGHT
    for letter in OUTCOME_WORDS:
        height = HEIGHT * getattr(known.counts, letter) / top
        y -= height
        if height:
            blocks.append(Block(letter, round(y, 2), round(height, 2)))
    return Bar(when.isoformat(), STEP * at, day_words(known), blocks, not known.matured)
