"""What the staff are told about their own accounts: plain text, like every other letter."""

from __future__ import annotations

import gettext

from babel.dates import format_datetime

from kbportal.mail.content import AccountChanged
from kbportal.mail.locales import locale_of
from kbportal.mail.model import Kind

ACCOUNT = "account"
"""Among the links of a letter: the page of one's own account."""


def tell(
    told: AccountChanged, words: gettext.NullTranslations, *, lang: str, link: str
) -> tuple[str, list[str]]:
    """Subject and paragraphs. The moment is in UTC and says so."""
    _ = words.gettext
    when = format_datetime(told.at, "long", locale=locale_of(lang))
    parts = [_("This happened to your account on %(when)s.") % {"when": when}]
    if told.what is Kind.CODE_USED:
        left = words.ngettext(
            "You have %(num)d recovery code left.",
            "You have %(num)d recovery codes left.",
            told.codes_left,
        )
        parts.append(left % {"num": told.codes_left})
    return _subject(told.what, words), [
        *parts,
        _("Was that you, or did you ask for it? Then there is nothing to do."),
        _("If not, change your password at once and tell an administrator. Your account:"),
        link,
    ]


def _subject(what: Kind, words: gettext.NullTranslations) -> str:
    _ = words.gettext
    subjects = {
        Kind.FACTOR_ON: _("Two-step sign-in was switched on"),
        Kind.FACTOR_OFF: _("Two-step sign-in was switched off"),
        Kind.FACTOR_TAKEN: _("An administrator took your two-step sign-in away"),
        Kind.CODES_MADE: _("New recovery codes were made"),
        Kind.CODE_USED: _("A recovery code was used to sign in"),
    }
    return subjects[what]
