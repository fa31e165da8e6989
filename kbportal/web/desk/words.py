"""How the desk names states, ways in and drafts."""

from __future__ import annotations

from flask_babel import gettext as _

from kbportal.articles.shelf import ArticleCard
from kbportal.mail.model import ABOUT_ACCOUNTS, Kind
from kbportal.tickets.model import Status, Verdict


def status_words() -> dict[Status, str]:
    """Every state as an agent says it."""
    return {
        Status.NEW: _("New"),
        Status.OPEN: _("Open"),
        Status.WAITING: _("Waiting for the customer"),
        Status.SOLVED: _("Solved"),
        Status.CLOSED: _("Closed"),
        Status.WITHDRAWN: _("Withdrawn"),
    }


def channel_word(channel: str) -> str:
    """The way a ticket came."""
    words = {
        "form": _("Ticket form"),
        "widget": _("Widget on another site"),
        "api": _("API"),
        "mail": _("E-mail"),
        "phone": _("Telephone"),
    }
    return str(words.get(channel, channel))


def mark_word(mark: str) -> str:
    """Why a ticket looks like spam."""
    words = {
        "trap": _("A field was filled in that people do not see."),
        "quick": _("The form was sent within 3 seconds."),
        "old": _("The form was more than a day old."),
        "unsigned": _("The form did not come from this portal."),
        "links": _("It contains many links."),
        "repeated": _("The same words came several times within a day."),
    }
    return str(words.get(mark, mark))


def letter_kind_word(kind: Kind) -> str:
    """What a letter is about."""
    if kind in ABOUT_ACCOUNTS:
        return str(_("My account"))
    words = {
        Kind.RECEIVED: _("Confirmation"),
        Kind.REPLIED: _("Answer"),
        Kind.SOLVED: _("Solved"),
        Kind.LINKS: _("Links"),
        Kind.DIGEST: _("Insights"),
    }
    return str(words[kind])


def verdict_word(verdict: Verdict) -> str:
    """What a customer said of the help."""
    words = {Verdict.YES: _("Yes"), Verdict.PARTLY: _("Partly"), Verdict.NO: _("No")}
    return str(words[verdict])


def seen_by(card: ArticleCard) -> str:
    """Why customers cannot see this article; empty if they can."""
    if card.status != "published":
        return str(_("Archived") if card.status == "archived" else _("Draft"))
    return "" if card.audience == "public" else str(_("Staff only"))
