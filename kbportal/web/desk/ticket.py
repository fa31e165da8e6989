"""One ticket: the conversation, who asks, the way that led here, and what may solve it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flask import Response, abort, make_response, render_template, request, url_for

from kbportal.kernel.ids import new_id
from kbportal.tickets.desk import AGENT_MAY_SET
from kbportal.tickets.model import UNFINISHED, Answer, Attachment, Status, Ticket
from kbportal.web.categories import category_titles
from kbportal.web.conversation import MessageRow, answered, conversation
from kbportal.web.desk.articles import ArticleLink, article_link, candidates
from kbportal.web.desk.letters import LetterRow, last_letter
from kbportal.web.desk.trail import read_trail, trail_row
from kbportal.web.desk.words import channel_word, mark_word, status_words, verdict_word
from kbportal.web.locale import language_name
from kbportal.web.portal import portal

NO_ARTICLE = "-"
"""The choice that no article covers what was asked."""
MAX_NUMBER = 10**12


@dataclass(frozen=True, slots=True)
class Asker:
    """What is known of who asks and how."""

    name: str
    email: str
    lang: str
    category: str
    channel: str
    created: datetime
    updated: datetime
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class RatingRow:
    """What the requester said of the help."""

    word: str
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A ticket as the desk shows it; `moves` are states to choose from, as (value, word).

    suspicion: why it looks like spam, in words; empty for a ticket like any other.
    """

    number: int
    subject: str
    status: Status
    status_word: str
    is_unfinished: bool
    solved_by: ArticleLink | None
    asker: Asker
    messages: list[MessageRow]
    letter: LetterRow | None
    rating: RatingRow | None
    moves: list[tuple[str, str]]
    suspicion: list[str]


@dataclass(frozen=True, slots=True)
class Draft:
    """What the agent has typed and chosen so far; errors by field.

    message_id: names this answer, so that sending twice files it once.
    """

    body: str = ""
    article: str = ""
    query: str = ""
    message_id: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def ticket(number: int) -> Response:
    """The page."""
    return page(find(number), Draft(query=request.args.get("find", "")[:200]))


def find(number: int) -> Ticket:
    """The ticket of that number, else 404."""
    found = portal().tickets.by_number(number) if number < MAX_NUMBER else None
    if found is None:
        abort(404)
    return found


def page(found: Ticket, draft: Draft, *, status: int = 200) -> Response:
    """The page of a ticket with what was typed on it."""
    trail = read_trail(found)
    chosen = draft.article or found.solved_by_article or ""
    html = render_template(
        "desk/ticket.html",
        ticket=_row(found),
        trail=trail_row(trail, found),
        choice=candidates(found, trail, query=draft.query, chosen=chosen),
        chosen=chosen,
        draft=draft,
        message_id=draft.message_id or new_id(),
        no_article=NO_ARTICLE,
        revoked="revoked" in request.args,
    )
    return make_response(html, status)


def _row(found: Ticket) -> TicketPage:
    words = status_words()
    moves = AGENT_MAY_SET - {Status.SOLVED, found.status}
    solved_by = found.solved_by_article
    return TicketPage(
        number=found.number,
        subject=found.subject,
        status=found.status,
        status_word=words[found.status],
        is_unfinished=found.status in UNFINISHED,
        solved_by=article_link(solved_by, lang=found.lang) if solved_by else None,
        asker=_asker(found),
        messages=_messages(found),
        letter=last_letter(found),
        rating=_rating(found),
        moves=[(str(one), words[one]) for one in Status if one in moves],
        suspicion=[mark_word(one) for one in found.quarantine],
    )


def _asker(found: Ticket) -> Asker:
    return Asker(
        name=found.name,
        email=found.email,
        lang=language_name(found.lang),
        category=category_titles(found.lang).get(found.category, found.category),
        channel=channel_word(found.channel),
        created=found.created,
        updated=found.updated,
        answers=answered(found),
    )


def _rating(found: Ticket) -> RatingRow | None:
    rating = portal().tickets.rating(found.id)
    if rating is None:
        return None
    return RatingRow(verdict_word(rating.verdict), rating.comment, rating.updated)


def _messages(found: Ticket) -> list[MessageRow]:
    def url(one: Attachment) -> str:
        return url_for("desk.file", number=found.number, file_id=one.id)

    return conversation(found, portal().tickets.messages(found.id), url=url)
