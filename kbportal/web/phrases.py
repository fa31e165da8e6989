"""Phrases that several pages share and that numbers or dates go into."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import format_date, format_time, get_translations

from kbportal.mail import words


def reply_time(hours: int) -> str:
    """How long an answer takes at most, as it reads after "within": "24 hours", "3 days"."""
    return words.reply_time(hours, get_translations())


def day(when: date | None) -> str:
    """A date in words; empty for none."""
    return str(format_date(when, "long")) if when else ""


def moment(when: datetime) -> str:
    """A date and time of day, in UTC; a script shows it in the reader's own time."""
    return f"{format_date(when, 'medium')}, {format_time(when, 'short')} UTC"
