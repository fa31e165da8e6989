"""The list of tickets, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.text import normalise, shorten
from kbportal.tickets.model import Status, Ticket
from kbportal.web.desk.letters import troubled
from kbportal.web.desk.words import status_words
from kbportal.web.locale import language_name
from kbportal.web.portal import portal

PER_PAGE, EXCERPT, MAX_NUMBER = 40, 140, 10**12

SPAM = "spam"
"""The tab of tickets in quarantine; the others are without them."""

TABS: Mapping[str, tuple[Status, ...]] = {
    "todo": (Status.NEW, Status.OPEN),
    "waiting": (Status.WAITING,),
    "solved": (Status.SOLVED,),
    "closed": (Status.CLOSED, Status.WITHDRAWN),
    "all": tuple(Status),
    SPAM: tuple(Status),
}


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in the list; `lang` is the language it is written in."""

    number: int
    url: str
    subject: str
    excerpt: str
    who: str
    lang: str
    status: Status
    status_word: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Tab:
    """A group of states; `count` is None where a language is chosen."""

    title: str
    url: str
    count: int | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """The page: `missing` is a number that was asked for and does not exist."""

    tabs: list[Tab]
    tab: str
    lang: str
    languages: list[tuple[str, str]]
    lines: list[TicketLine]
    newest: str
    older: str
    is_new: bool
    missing: str
    troubled_letters: int


def tickets() -> AnyResponse:
    """The list of one tab; with `number` the way to that ticket."""
    wanted = request.args.get("number", "").strip().lstrip("#")
    if wanted.isdecimal() and int(wanted) < MAX_NUMBER and portal().tickets.by_number(int(wanted)):
        return redirect(url_for("desk.ticket", number=int(wanted)), 303)
    return _page(missing=wanted[:20])


def _page(*, missing: str) -> Response:
    tab = request.args.get("status", "todo")
    tab = tab if tab in TABS else "todo"
    lang = request.args.get("language", "")
    lang = lang if lang in portal().settings.languages else ""
    before = request.args.get("before", type=int)
    before = before if before and 0 < before < MAX_NUMBER else None
    found = portal().tickets.list(
        statuses=TABS[tab],
        lang=lang or None,
        before=before,
        limit=PER_PAGE,
        quarantined=tab == SPAM,
    )
    here: dict[str, Any] = {"status": tab, "language": lang or None}
    counts = portal().tickets.counts()
    suspected = portal().tickets.quarantined()
    page = ListPage(
        tabs=_tabs(counts, suspected, tab=tab, lang=lang),
        tab=tab,
        lang=lang,
        languages=[(one, language_name(one)) for one in portal().settings.languages],
        lines=[_line(one) for one in found.tickets],
        newest=url_for("desk.tickets", **here) if before else "",
        older=url_for("desk.tickets", before=found.older, **here) if found.older else "",
        is_new=not any(counts.values()) and not suspected,
        missing=missing,
        troubled_letters=troubled(),
    )
    return make_response(render_template("desk/tickets.html", page=page))


def _tabs(counts: Mapping[Status, int], suspected: int, *, tab: str, lang: str) -> list[Tab]:
    """Every group; suspected spam only where there is some, or where one looks for it."""
    titles = {
        "todo": _("To do"),
        "waiting": _("Waiting"),
        "solved": _("Solved"),
        "closed": _("Closed"),
        "all": _("All"),
        SPAM: _("Suspected spam"),
    }
    numbers = {
        slug: sum(counts.get(status, 0) for status in statuses) for slug, statuses in TABS.items()
    } | {SPAM: suspected}
    return [
        Tab(
            title=titles[slug],
            url=url_for("desk.tickets", status=slug, language=lang or None),
            count=None if lang else numbers[slug],
            is_current=slug == tab,
        )
        for slug in TABS
        if slug != SPAM or suspected or tab == SPAM
    ]


def _line(ticket: Ticket) -> TicketLine:
    return TicketLine(
        number=ticket.number,
        url=url_for("desk.ticket", number=ticket.number),
        subject=ticket.subject,
        excerpt=shorten(normalise(ticket.description), EXCERPT),
        who=ticket.name or ticket.email,
        lang=language_name(ticket.lang),
        status=ticket.status,
        status_word=status_words()[ticket.status],
        created=ticket.created,
    )
