"""Whether settings make sense, alone and together."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kbportal.kernel.labelled_links import read_link
from kbportal.kernel.languages import is_known
from kbportal.kernel.pictures import read_picture
from kbportal.mail.configuration import mistakes as mail_mistakes

if TYPE_CHECKING:
    from kbportal.settings import Settings

_ORIGIN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::[0-9]{1,5})?"
)

MOST = 36_500
"""Days or hours: more is beyond what can be reckoned with, and nobody means it."""


def mistakes_in(settings: Settings) -> list[str]:
    """What cannot be used, each mistake in words that name the setting."""
    mistakes = [f"languages: unknown code {c!r}" for c in settings.languages if not is_known(c)]
    if not settings.languages:
        mistakes.append("languages: name at least one")
    if settings.visitor_identity not in {"cookie", "daily"}:
        mistakes.append("visitor_identity: say 'cookie' or 'daily'")
    for name in (
        "reply_time_h",
        "lookback_h",
        "horizon_h",
        "durability_d",
        "retention_d",
        "link_lifetime_d",
    ):
        if not 1 <= getattr(settings, name) <= MOST:
            mistakes.append(f"{name}: must be at least 1, and at most {MOST}")
    mistakes += mail_mistakes(
        host=settings.mail_host,
        port=settings.mail_port,
        security=settings.mail_security,
        user=settings.mail_user,
        sender=settings.mail_from,
        site_url=settings.site_url,
        password=bool(settings.mail_password or settings.mail_password_file),
    )
    if not 0 <= settings.holdout_percent <= 50:
        mistakes.append("holdout_percent: say a number from 0 to 50")
    if settings.model_dimensions < 0:
        mistakes.append("model_dimensions: must not be negative")
    if not 0 <= settings.ticket_retention_d <= MOST:
        mistakes.append(f"ticket_retention_d: must not be negative, and at most {MOST}")
    if settings.cost_per_ticket < 0:
        mistakes.append("cost_per_ticket: must not be negative")
    mistakes += _check_looks(settings)
    if settings.site_url and not settings.site_url.startswith(("http://", "https://")):
        mistakes.append("site_url: must start with http:// or https://")
    mistakes += [
        f"widget_origins: {one!r} is no origin: say it like https://shop.example.com"
        for one in settings.widget_origins
        if not _ORIGIN.fullmatch(one)
    ]
    return mistakes


def _check_looks(settings: Settings) -> list[str]:
    mistakes = []
    if settings.accent and not re.fullmatch("#[0-9a-fA-F]{6}", settings.accent):
        mistakes.append("accent: must be a colour like #1f6f5c")
    values: list[tuple[str, Callable[[str], object], str]] = [
        ("logo", lambda path: read_picture(Path(path)), settings.logo),
        ("logo_dark", lambda path: read_picture(Path(path)), settings.logo_dark),
        *(("footer_links", read_link, link) for link in settings.footer_links),
    ]
    for name, read, value in values:
        try:
            value and read(value)
        except ValueError as error:
            mistakes.append(f"{name}: {value!r} {error}")
    return mistakes
