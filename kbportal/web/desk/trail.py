"""The way that led to a ticket, as lines beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _

from kbportal.kernel.errors import PortalError
from kbportal.tickets import trail as trails
from kbportal.tickets.model import Ticket
from kbportal.tickets.trail import Step, StepKind, Trail
from kbportal.web.desk.articles import ArticleLink, article_link
from kbportal.web.portal import portal

MOST_SHOWN = 3

_ICONS = {
    StepKind.SEARCHED: "search",
    StepKind.SHOWN: "tip",
    StepKind.EXPANDED: "chevron",
    StepKind.READ: "page",
    StepKind.REJECTED: "close",
    StepKind.SOLVED: "check",
    StepKind.VOTED_YES: "thumb-up",
    StepKind.VOTED_NO: "thumb-down",
}


@dataclass(frozen=True, slots=True)
class StepRow:
    """One line: what was done, on what, how long before the ticket."""

    kind: StepKind
    icon: str
    word: str
    query: str
    articles: list[ArticleLink]
    more: str
    dwell: str
    at: datetime
    before: str


@dataclass(frozen=True, slots=True)
class SolvedRow:
    """An article that was once said to have solved it."""

    article: ArticleLink
    at: datetime


@dataclass(frozen=True, slots=True)
class TrailRow:
    """The whole way. is_known: False for somebody who is not followed."""

    steps: list[StepRow]
    said_solved: list[SolvedRow]
    is_known: bool


def read_trail(ticket: Ticket) -> Trail:
    """The way to the ticket; nothing where the log cannot be read."""
    if not ticket.visitor:
        return Trail((), ())
    since, until = trails.reading_span(ticket)
    try:
        return trails.trail(portal().events.of_visitor(ticket.visitor, since, until), ticket)
    except PortalError:
        return Trail((), ())


def trail_row(found: Trail, ticket: Ticket) -> TrailRow:
    """The way in words."""
    return TrailRow(
        steps=[_step(step, ticket) for step in found.steps],
        said_solved=[
            SolvedRow(article_link(step.article, lang=ticket.lang), step.at)
            for step in found.said_solved
        ],
        is_known=bool(ticket.visitor),
    )


def _step(step: Step, ticket: Ticket) -> StepRow:
    ids = [step.article] if step.article else [one.article for one in step.results]
    left_out = len(ids) - MOST_SHOWN
    return StepRow(
        kind=step.kind,
        icon=_ICONS[step.kind],
        word=_word(step),
        query=step.query,
        articles=[article_link(one, lang=ticket.lang) for one in ids[:MOST_SHOWN]],
        more=ngettext("and %(num)d more", "and %(num)d more", left_out) if left_out > 0 else "",
        dwell=_span(timedelta(milliseconds=step.dwell_ms)) if step.dwell_ms else "",
        at=step.at,
        before=_("%(time)s before", time=_span(ticket.created - step.at)),
    )


def _word(step: Step) -> str:
    if step.kind is StepKind.SEARCHED and not step.results:
        return str(_("Searched, found nothing"))
    words: dict[StepKind, str] = {
        StepKind.SEARCHED: _("Searched"),
        StepKind.SHOWN: _("Was suggested while typing"),
        StepKind.EXPANDED: _("Expanded"),
        StepKind.READ: _("Read"),
        StepKind.REJECTED: _("Still needed help after"),
        StepKind.SOLVED: _("Said this solved it"),
        StepKind.VOTED_YES: _("Voted helpful"),
        StepKind.VOTED_NO: _("Voted not helpful"),
    }
    return words[step.kind]


def _span(span: timedelta) -> str:
    return str(format_timedelta(max(span, timedelta(seconds=1)), threshold=1.5))
