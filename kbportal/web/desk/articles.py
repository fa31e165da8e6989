"""Articles as agents see them, drafts included; everything here works without an index, too."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from kbportal.articles.shelf import ArticleCard
from kbportal.kernel.errors import PortalError
from kbportal.kernel.text import normalise
from kbportal.tickets.model import Ticket
from kbportal.tickets.trail import Trail
from kbportal.web.desk.words import seen_by
from kbportal.web.locale import language_name
from kbportal.web.marked_links import marked_address, marked_path
from kbportal.web.portal import portal

SUGGESTED, FOUND, MAX_QUERY, MAX_TEXT = 4, 10, 200, 500
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """An article by its title; `url` is empty where customers have no page of it.

    hidden: "Draft" and the like; lang: named where it is not the ticket's. shared: the address to
    send to customers, marked; empty like `url`.
    """

    id: str
    title: str
    url: str
    hidden: str = ""
    lang: str = ""
    shared: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may have solved a ticket; `note` says what the customer did with it."""

    article: ArticleLink
    note: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What to choose from. found is None where nothing was looked for."""

    suggested: list[Candidate]
    found: list[Candidate] | None
    chosen: Candidate | None


def article_card(article_id: str) -> ArticleCard | None:
    """The article with this id, whoever may see it; None without an index, too."""
    try:
        return portal().live.current().shelf.card(article_id, audience="staff")
    except PortalError:
        return None


def article_link(article_id: str, *, lang: str = "") -> ArticleLink:
    """An article's link; one that is gone is called by the end of its id."""
    card = article_card(article_id)
    if card is None:
        return ArticleLink(article_id, article_id.rpartition("/")[2], "", _("Gone"))
    return _link(card, lang)


def candidates(ticket: Ticket, trail: Trail, *, query: str, chosen: str) -> Candidates:
    """Suggestions for the ticket's text, what the query finds, and the one chosen before."""
    suggested = _suggested(ticket)
    found = _found(query, ticket.lang) if query else []
    shown = {card.id for card in (*suggested, *found)}
    apart = article_card(chosen) if chosen and chosen not in shown else None
    fresh = [card for card in found if card.id not in {one.id for one in suggested}]
    return Candidates(
        suggested=[_candidate(card, ticket, trail) for card in suggested],
        found=[_candidate(card, ticket, trail) for card in fresh] if query else None,
        chosen=_candidate(apart, ticket, trail) if apart else None,
    )


def _suggested(ticket: Ticket) -> list[ArticleCard]:
    text = f"{ticket.subject} {ticket.description[:MAX_TEXT]}"
    try:
        live = portal().live.current()
        results = live.engine.suggest(text, lang=ticket.lang, limit=SUGGESTED)
        return _there(
            live.shelf.card(hit.article_id, audience="staff") for hit in results.offered(SUGGESTED)
        )
    except PortalError as error:
        _log.info("no suggestions for the desk: %s", error)
        return []


def _found(query: str, lang: str) -> list[ArticleCard]:
    """What the agent looks for, in the ticket's language; else in the portal's first."""
    try:
        engine = portal().live.current().engine
        wanted = normalise(query)[:MAX_QUERY]
        found = engine.find_for_staff(wanted, lang=lang, limit=FOUND)
        default = portal().settings.default_language
        return found or engine.find_for_staff(wanted, lang=default, limit=FOUND)
    except PortalError as error:
        _log.info("no search for the desk: %s", error)
        return []


def _candidate(card: ArticleCard, ticket: Ticket, trail: Trail) -> Candidate:
    return Candidate(_link(card, ticket.lang), _note(card.id, trail))


def _note(article_id: str, trail: Trail) -> str:
    if any(step.article == article_id for step in trail.said_solved):
        return str(_("They said this solved it, and wrote all the same."))
    if article_id in trail.rejected:
        return str(_("They said this did not help."))
    return str(_("They have read it.")) if article_id in trail.read else ""


def _link(card: ArticleCard, lang: str) -> ArticleLink:
    hidden = seen_by(card)
    # Whoever copies the link itself has the mark, too.
    url = "" if hidden else marked_path(card)
    shared = "" if hidden else marked_address(card)
    other = language_name(card.lang) if lang and card.lang != lang else ""
    return ArticleLink(card.id, card.title, url, hidden, other, shared)


def _there(cards: Iterable[ArticleCard | None]) -> list[ArticleCard]:
    return [card for card in cards if card]
