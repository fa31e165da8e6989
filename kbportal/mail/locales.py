"""How a letter's language writes days and numbers."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError


def locale_of(lang: str) -> Locale:
    """That of a language; English for one that has no rules here."""
    try:
        return Locale.parse(lang, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
