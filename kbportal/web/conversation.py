"""What was said and answered in a ticket, as the pages of its two sides show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup

from kbportal.markup.plain import plain_to_html
from kbportal.tickets.model import Answer, Attachment, Author, Message, Ticket
from kbportal.tickets.questions import retold
from kbportal.web.attachments import FileRow, file_rows
from kbportal.web.forms import forms
from kbportal.web.locale import current_language
from kbportal.web.portal import portal
from kbportal.web.prose import message_html

PAGE = "page"
"""Id of the answer that names the page somebody wrote from: asked by us, not by the editors."""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One thing said; `is_ours` when an agent said it."""

    author: str
    is_ours: bool
    html: Markup
    at: datetime
    files: list[FileRow] = field(default_factory=list)


def conversation(
    found: Ticket, said: Iterable[Message], *, url: Callable[[Attachment], str]
) -> list[MessageRow]:
    """The ticket's own text and what was said since; `url` leads to a file."""
    files = _files(found, url)
    first = MessageRow(
        found.name or found.email,
        False,
        message_html(plain_to_html(found.description)),
        found.created,
        files.get(None, []),
    )
    later = (
        MessageRow(
            one.author_name,
            one.author is Author.AGENT,
            message_html(plain_to_html(one.body)),
            one.created,
            files.get(one.id, []),
        )
        for one in said
    )
    return [first, *later]


def answered(found: Ticket) -> tuple[Answer, ...]:
    """What was answered to further questions, in the language of the page that shows it."""
    return tuple(
        replace(one, label=_page_label()) if one.id == PAGE else one
        for one in retold(forms(), found.answers, lang=current_language())
    )


def page_answer(value: str) -> Answer:
    """The page that somebody wrote from, as something that they answered."""
    return Answer(PAGE, _page_label(), value)


def _page_label() -> str:
    return str(_("Written on the page"))


def _files(found: Ticket, url: Callable[[Attachment], str]) -> dict[str | None, list[FileRow]]:
    """By the message that they came with; None for those that came with the ticket."""
    rows: dict[str | None, list[FileRow]] = {}
    for one in portal().attachments.of_ticket(found.id):
        rows.setdefault(one.message_id, []).extend(file_rows([one], url))
    return rows
