"""The weekly letter in its reader's language: plain text, like every other letter."""

from __future__ import annotations

import gettext

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from kbportal.kernel.text import normalise, shorten
from kbportal.mail.digest import Digest, Figure
from kbportal.mail.locales import locale_of

INSIGHTS = "insights"
"""Among the links of a letter: the page of all numbers."""

_LONGEST_QUERY = 80


def tell(
    told: Digest, words: gettext.NullTranslations, *, lang: str, link: str
) -> tuple[str, list[str]]:
    """Subject and paragraphs."""
    _ = words.gettext
    locale = locale_of(lang)
    first, last = (format_date(day, "long", locale=locale) for day in (told.first, told.last))
    parts = [
        _("%(first)s to %(last)s") % {"first": first, "last": last},
        *(_figure(one, told, words, locale) for one in told.figures),
    ]
    if told.worse:
        names = ", ".join(_rail(one, words) for one in told.worse)
        parts.append(
            words.ngettext(
                "More is solved, but something else got worse: %(names)s. This is no success yet.",
                "More is solved, but other things got worse: %(names)s. This is no success yet.",
                len(told.worse),
            )
            % {"names": names}
        )
    if told.missing:
        lines = (
            f"  {shorten(normalise(one.text), _LONGEST_QUERY)} ({one.times})"
            for one in told.missing
        )
        parts.append("\n".join([_("What people look for and do not find:"), *lines]))
    return _("What self-service did"), [
        *parts,
        _("All numbers, how they are counted, and what is behind them:"),
        link,
        _("You asked for these numbers every week. You can stop them on that page."),
    ]


def _figure(one: Figure, told: Digest, words: gettext.NullTranslations, locale: Locale) -> str:
    _ = words.gettext
    name = _name(one, told, words)
    if one.value is None:
        return f"{name}: {_('Not enough data yet')}"

    def said(value: float) -> str:
        return _said(value, one, told, locale)

    doubt = [f"n = {format_decimal(one.n, locale=locale)}"]
    if one.low is not None and one.high is not None:
        span = _("%(low)s to %(high)s") % {"low": said(one.low), "high": said(one.high)}
        doubt.insert(0, _("95 %% interval: %(range)s") % {"range": span})
    lines = [f"{name}: {said(one.value)}", f"  {' · '.join(doubt)}"]
    if one.before is not None:
        days = (told.last - told.first).days + 1
        before = words.ngettext(
            "%(num)d day before: %(value)s", "%(num)d days before: %(value)s", days
        )
        lines.append(f"  {before % {'num': days, 'value': said(one.before)}}")
    return "\n".join(lines)


def _name(one: Figure, told: Digest, words: gettext.NullTranslations) -> str:
    _ = words.gettext
    savings = _("Savings, measured") if told.measured else _("Savings, confirmed only")
    names = {
        "confirmed_deflection_rate": _("Confirmed deflection"),
        "causal_tickets_avoided": _("Tickets avoided, measured"),
        "submission_rate": _("Submission rate"),
        "savings": savings,
    }
    return names.get(one.id, one.id)


def _rail(one: str, words: gettext.NullTranslations) -> str:
    _ = words.gettext
    names = {
        "satisfaction": _("Satisfied with our answer"),
        "reopen_rate": _("Opened again after an answer"),
        "take_back_rate": _("Taken back"),
        "seconds_to_submit": _("Time from beginning a ticket to sending it"),
        "abandonment_rate": _("Left without reading"),
        "answered_rate": _("Got an answer from a person"),
    }
    return names.get(one, one)


def _said(value: float, one: Figure, told: Digest, locale: Locale) -> str:
    if one.unit == "share":
        return format_percent(value, "#,##0.#%" if 0 < value < 0.095 else None, locale=locale)
    if one.unit == "money":
        return format_currency(
            round(value), told.currency, locale=locale, currency_digits=False, format=None
        )
    return format_decimal(round(value), locale=locale)
