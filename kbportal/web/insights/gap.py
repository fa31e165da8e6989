"""One gap: the evidence, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.deflection.gaps.model import Gap, Survey, Why
from kbportal.kernel.errors import PortalError
from kbportal.web.categories import category_titles
from kbportal.web.insights.gap_rows import GapRow, NearRow, card_of, gap_row, near_row
from kbportal.web.insights.gap_words import WHY_WORDS
from kbportal.web.insights.numbers import number
from kbportal.web.portal import portal

MOST_CANDIDATES = 300


@dataclass(frozen=True, slots=True)
class GapPage:
    """The page. original: title of an article to translate. problem: why the last act failed."""

    row: GapRow
    people: str
    examples: list[str]
    whys: list[tuple[str, str]]
    near: list[NearRow]
    candidates: list[tuple[str, str]]
    categories: list[tuple[str, str]]
    category: str
    title: str
    original: str
    first_seen: datetime
    problem: str


def gap(gap_id: str) -> AnyResponse:
    """The page."""
    return show(find(gap_id))


def find(gap_id: str) -> Gap:
    """The gap with this id; 404 where there is none."""
    found = portal().gaps.gap(gap_id)
    if found is None:
        abort(404)
    return found


def show(found: Gap, *, problem: str = "", title: str = "", status: int = 200) -> AnyResponse:
    """The page, with what was wrong with the last act and what had been typed."""
    page = _page(found, _survey(), problem, title)
    return make_response(render_template("insights/gap.html", page=page), status)


def _page(found: Gap, made: Survey, problem: str, title: str) -> GapPage:
    evidence = found.evidence
    original = card_of(evidence.elsewhere) if evidence and evidence.elsewhere else None
    near = evidence.near if evidence else ()
    return GapPage(
        row=gap_row(found, made),
        people=number(evidence.people if evidence else 0),
        examples=list(evidence.examples) if evidence else [],
        whys=[
            (str(WHY_WORDS[Why(why)]), number(count))
            for why, count in (evidence.whys if evidence else ())
        ],
        near=[near_row(one) for one in near],
        candidates=_candidates(found),
        categories=categories(found.lang),
        category=evidence.category if evidence else "",
        title=title or found.name.strip("… "),
        original=original.title if original else "",
        first_seen=found.first_seen,
        problem=problem,
    )


def categories(lang: str) -> list[tuple[str, str]]:
    """Slug and title of the categories of a language, drafts included."""
    return [*category_titles(lang, audience="staff").items()]


def _candidates(found: Gap) -> list[tuple[str, str]]:
    """Articles of the language that may answer it by now: the nearest first, then its category."""
    try:
        shelf = portal().live.current().shelf
    except PortalError:
        return []
    evidence = found.evidence
    near = [one.article for one in evidence.near] if evidence else []
    topic = evidence.category if evidence else ""
    cards = [card for card in shelf.all_articles() if card.lang == found.lang]
    place = {article: at for at, article in enumerate(near)}
    cards.sort(key=lambda one: (place.get(one.id, len(near)), one.category != topic, one.title))
    return [(card.id, card.title or str(_("Article"))) for card in cards[:MOST_CANDIDATES]]


def _survey() -> Survey:
    made = portal().gaps.survey()
    if made is None:
        abort(404)
    return made
