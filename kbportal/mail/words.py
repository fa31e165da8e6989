"""What a letter says, in its reader's language: plain text and nothing else.

There is no HTML: nothing in these letters needs it, and nothing can then be hidden in one.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kbportal.kernel.text import normalise, shorten
from kbportal.mail import account_words
from kbportal.mail.account_words import ACCOUNT
from kbportal.mail.content import (
    AccountChanged,
    Content,
    Links,
    Received,
    Replied,
    Request,
    Solved,
)
from kbportal.mail.digest import Digest
from kbportal.mail.digest_words import INSIGHTS, tell

TRANSLATIONS = Path(__file__).resolve().parents[1] / "translations"
LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class House:
    """Whose letters these are. reply_time_h: what is promised, in hours."""

    site_name: str
    reply_time_h: int
    contact_hours: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter's subject, one line, and its text."""

    subject: str
    text: str


def write(content: Content, *, lang: str, links: Mapping[str, str], house: House) -> Written:
    """Put what a letter tells into words.

    Args:
        links: Ticket id → address of its page; `INSIGHTS` → address of the numbers; `ACCOUNT` →
            that of the reader's own account.
    """
    words = _words(lang)
    match content:
        case Received():
            subject, text = _received(content, words, links, house)
        case Replied():
            subject, text = _replied(content, words, links)
        case Solved():
            subject, text = _solved(content, words, links)
        case Links():
            subject, text = _links(content, words, links)
        case Digest():
            subject, text = tell(content, words, lang=lang, link=links[INSIGHTS])
        case AccountChanged():
            subject, text = account_words.tell(content, words, lang=lang, link=links[ACCOUNT])
    line = shorten(normalise(f"{subject} · {house.site_name}"), LONGEST_SUBJECT)
    is_for_staff = isinstance(content, Digest | AccountChanged)
    foot = _name(house) if is_for_staff else _foot(words, house)
    return Written(line, "\n\n".join([*(part for part in text if part), foot]))


def _received(
    told: Received, words: gettext.NullTranslations, links: Mapping[str, str], house: House
) -> tuple[str, list[str]]:
    _ = words.gettext
    return _subject(told.request, words), [
        _("Thank you, we have your request %(number)s.") % {"number": told.request.number},
        _("We answer within %(time)s.") % {"time": reply_time(house.reply_time_h, words)}
        + (f" {normalise(house.contact_hours)}" if house.contact_hours else ""),
        _("This is its page. There you can read our answer, add something or withdraw it:"),
        links[told.request.ticket_id],
        _("Keep this link to yourself: whoever has it can read your request."),
        _("You did not write to us? Then somebody mistyped an address; please ignore this."),
    ]


def _replied(
    told: Replied, words: gettext.NullTranslations, links: Mapping[str, str]
) -> tuple[str, list[str]]:
    _ = words.gettext
    return "Re: " + _subject(told.request, words), [
        _("%(name)s has answered your request %(number)s (%(subject)s):")
        % _facts(told.request, told.author),
        _quoted(told.text),
        _("Write back, or read all of it, on the page of your request:"),
        links[told.request.ticket_id],
    ]


def _solved(
    told: Solved, words: gettext.NullTranslations, links: Mapping[str, str]
) -> tuple[str, list[str]]:
    _ = words.gettext
    return "Re: " + _subject(told.request, words), [
        _("Your request %(number)s (%(subject)s) is solved, we think.") % _facts(told.request, ""),
        _("%(name)s wrote:") % {"name": normalise(told.author)} if told.text else "",
        _quoted(told.text),
        _("If it is not, write on its page and it opens again. You can rate our help there, too:"),
        links[told.request.ticket_id],
    ]


def _links(
    told: Links, words: gettext.NullTranslations, links: Mapping[str, str]
) -> tuple[str, list[str]]:
    _ = words.gettext
    return _("Links to your requests"), [
        _("You asked for the links to your requests. Here they are:"),
        *(
            # Without the subjects: whoever typed this address may have chosen them.
            f"{_subject(one, words)}\n{links[one.ticket_id]}"
            for one in told.requests
        ),
        _("Keep these links to yourself: whoever has one can read that request."),
        _("You did not ask for them? Then please ignore this e-mail."),
    ]


def _subject(request: Request, words: gettext.NullTranslations) -> str:
    _ = words.gettext
    return _("Your request %(number)s") % {"number": request.number}


def _facts(request: Request, author: str) -> dict[str, object]:
    return {
        "name": normalise(author),
        "number": request.number,
        "subject": normalise(request.subject),
    }


def _quoted(text: str) -> str:
    """Set in, so that nobody's words can pass for ours."""
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


def _foot(words: gettext.NullTranslations, house: House) -> str:
    _ = words.gettext
    return f"{_name(house)}\n" + _(
        "Answers to this e-mail are not read. Please write on the page above."
    )


def _name(house: House) -> str:
    return f"-- \n{normalise(house.site_name)}"


def reply_time(hours: int, words: gettext.NullTranslations) -> str:
    """How long an answer takes at most, as it reads after "within": "24 hours", "3 days"."""
    if hours >= 48 and hours % 24 == 0:
        days = hours // 24
        return words.npgettext("within", "%(num)d day", "%(num)d days", days) % {"num": days}
    return words.npgettext("within", "%(num)d hour", "%(num)d hours", hours) % {"num": hours}


@cache
def _words(lang: str) -> gettext.NullTranslations:
    return gettext.translation("messages", TRANSLATIONS, languages=[lang], fallback=True)
