"""A gap as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for
from flask_babel import format_decimal

from kbportal.articles.shelf import ArticleCard
from kbportal.deflection.gaps.model import Advice, Evidence, Gap, Near, State, Survey
from kbportal.deflection.gaps.records import per_month
from kbportal.kernel.errors import PortalError
from kbportal.web.insights.gap_words import (
    ADVICE_WORDS,
    STATE_WORDS,
    effect_words,
    near_words,
    trend_range,
    trend_word,
)
from kbportal.web.insights.numbers import money
from kbportal.web.locale import language_name
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class Bar:
    """One week of the small chart: where it stands and how high it is, of 100 by 24."""

    x: float
    y: float
    height: float
    count: int
    since: date


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap. tickets, searches and cost are per four weeks; effect is empty without article.

    may_improve: there is an article that should have answered.
    """

    id: str
    name: str
    url: str
    lang: str
    lang_code: str
    state: str
    state_word: str
    advice: str
    may_improve: bool
    tickets: str
    searches: str
    cost: str
    trend: str
    trend_range: str
    weeks: list[Bar]
    effect: str
    article: str
    reason: str
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class NearRow:
    """An article that might have answered; `url` is empty where customers have no page of it."""

    title: str
    url: str
    lang: str
    languages: list[str]
    answers: bool
    why: list[str]


def gap_row(gap: Gap, made: Survey) -> GapRow:
    """The gap in words and numbers of the reader's language."""
    evidence = gap.evidence
    tickets = per_month(evidence.tickets if evidence else 0, made)
    searches = per_month(evidence.searches if evidence else 0, made)
    return GapRow(
        id=gap.id,
        name=gap.name,
        url=url_for("insights.gap", gap_id=gap.id),
        lang=language_name(gap.lang),
        lang_code=gap.lang,
        state=gap.state,
        state_word=str(STATE_WORDS[gap.state]),
        advice=str(ADVICE_WORDS[evidence.advice]) if evidence else "",
        may_improve=evidence is not None and evidence.advice is Advice.IMPROVE,
        tickets=_amount(tickets),
        searches=_amount(searches),
        cost=money(tickets * portal().settings.cost_per_ticket),
        trend=trend_word(evidence.trend) if evidence else "",
        trend_range=trend_range(evidence.trend) if evidence else "",
        weeks=_bars(evidence, made.until.date()),
        effect=effect_words(gap) if gap.state is State.WRITTEN else "",
        article=gap.article,
        reason=gap.reason,
        changed=gap.changed,
    )


def near_row(near: Near) -> NearRow:
    """The article with its title, the languages it is in, and why it did not answer."""
    card = card_of(near.article)
    is_public = card is not None and card.status == "published" and card.audience == "public"
    return NearRow(
        title=card.title if card else near.article,
        url=url_for("help.article", lang=card.lang, slug=card.slug) if card and is_public else "",
        lang=language_name(near.article.partition("/")[0]),
        languages=[language_name(one) for one in _languages(card)],
        answers=near.answers,
        why=near_words(near),
    )


def card_of(article: str) -> ArticleCard | None:
    """What the staff may know of an article; None where there is none, or no index."""
    try:
        return portal().live.current().shelf.card(article, audience="staff")
    except PortalError:
        return None


def _languages(card: ArticleCard | None) -> list[str]:
    return sorted(portal().live.current().shelf.translations(card.key)) if card else []


def _bars(evidence: Evidence | None, until: date) -> list[Bar]:
    weeks = evidence.weeks if evidence else ()
    highest = max(weeks, default=0) or 1
    step = 100 / max(len(weeks), 1)
    return [
        Bar(
            x=round(at * step + 1, 2),
            y=round(24 - 22 * count / highest, 2),
            height=round(22 * count / highest, 2),
            count=count,
            since=until - timedelta(weeks=len(weeks) - at),
        )
        for at, count in enumerate(weeks)
    ]


def _amount(value: float) -> str:
    """Small numbers keep a decimal, so that nothing rare is shown as nothing."""
    return str(format_decimal(round(value, 1) if value < 10 else round(value)))
