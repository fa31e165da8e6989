"""Every setting in one frozen object: kbportal.toml, then KBPORTAL_*, then command-line flags.

All mistakes are reported at once, so that an operator mends a file in one go.
A setting's documentation is the ``doc`` of its field; ``docs/settings.md`` is compared with it.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from kbportal.kernel.errors import PortalError
from kbportal.kernel.private_files import create_private
from kbportal.settings.checks import mistakes_in
from kbportal.settings.values import coerced

ENV_PREFIX = "KBPORTAL_"
FILE_NAME = "kbportal.toml"


class SettingsInvalid(PortalError):
    """One or more settings cannot be used; the message lists every one."""

    code = "settings_invalid"


def _setting(default: Any, doc: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"doc": doc}, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may decide. Paths are absolute once loaded."""

    instance: Path = _setting(Path("instance"), "Folder of the database and the secrets.")
    articles: Path = _setting(Path("articles"), "Folder of the Markdown articles.")
    indexes: Path = _setting(Path("indexes"), "Folder of the built index generations.")
    languages: tuple[str, ...] = _setting(
        ("en", "sk", "pl", "fi", "ro"), "Languages that the portal is offered in, first = default."
    )
    site_name: str = _setting("Kettlewick Help", "Name shown in the header, titles and mails.")
    accent: str = _setting("", "Accent colour as #rrggbb, from which others are made; empty: ours.")
    logo: str = _setting("", "PNG or SVG file to show instead of our mark; empty: the mark.")
    logo_dark: str = _setting("", "The logo for dark backgrounds; empty: the same.")
    footer_links: tuple[str, ...] = _setting(
        (), "Links in the footer: 'Label|https://…', or 'sk|Label|https://…' for one language."
    )
    site_url: str = _setting("", "Public address (https://help.example.com); empty: as requested.")
    contact_hours: str = _setting("", "One line on when people answer; shown beside the form.")
    reply_time_h: int = _setting(24, "Reply time in hours that the confirmation promises.")
    suggestions: bool = _setting(True, "Suggest articles while a ticket is typed.")
    model: str = _setting(
        "default", "sentence-transformers model: 'default', 'none', a name or a folder."
    )
    model_query_prefix: str = _setting("", "Text put before a query; empty: what the model names.")
    model_passage_prefix: str = _setting("", "Text put before a passage, likewise.")
    model_dimensions: int = _setting(
        0, "Keep only so many numbers of each vector, for models trained for it; 0: all."
    )
    holdout_percent: int = _setting(
        10,
        "Visitors in percent who get no suggestions, to measure; Insights may change it; 0: none.",
    )
    visitor_identity: str = _setting(
        "cookie", "'cookie' (30 days) or 'daily' (keyed hash, no cookie)."
    )
    cost_per_ticket: float = _setting(8.0, "What one ticket costs, for the savings estimate.")
    currency: str = _setting("EUR", "Currency of cost_per_ticket, as an ISO 4217 code.")
    lookback_h: int = _setting(24, "Hours before a ticket in which a view counts as read before.")
    horizon_h: int = _setting(72, "Hours without a ticket after which an episode has none.")
    durability_d: int = _setting(7, "Days without contact after which a solution counts as kept.")
    retention_d: int = _setting(400, "Days that events and readers' comments are kept.")
    ticket_retention_d: int = _setting(
        0, "Days after their last change that finished tickets are kept; 0: for ever."
    )
    trusted_hosts: tuple[str, ...] = _setting(
        (), "Host names that are answered; empty: the one of site_url, or any without that."
    )
    trusted_proxies: int = _setting(0, "Reverse proxies in front whose X-Forwarded-* are believed.")
    require_second_factor: bool = _setting(
        False, "Everybody of the staff has to sign in by password and a code from an app."
    )
    allowed_origins: tuple[str, ...] = _setting((), "Other origins that may call the JSON API.")
    widget_origins: tuple[str, ...] = _setting(
        (), "Sites whose pages may show the widget, as in https://shop.example.com."
    )
    rate_limits: bool = _setting(
        True, "Limit requests per client; off only behind a proxy that does it."
    )
    mail_host: str = _setting(
        "", "Mail server; empty: letters become files in the instance folder."
    )
    mail_port: int = _setting(587, "Port of the mail server.")
    mail_security: str = _setting("starttls", "'starttls', 'tls' (usually port 465) or 'none'.")
    mail_user: str = _setting("", "Name at the mail server; empty: no sign-in.")
    mail_password: str = _setting("", "Password at the mail server.", secret=True)
    mail_password_file: str = _setting("", "File that holds that password, in its place.")
    mail_from: str = _setting("", "Address that letters come from.")
    link_lifetime_d: int = _setting(
        180, "Days without a change after which a ticket's address ends."
    )
    database_url: str = _setting("", "SQLAlchemy address; empty: SQLite in the instance folder.")

    @property
    def default_language(self) -> str:
        return self.languages[0]

    @property
    def database(self) -> str:
        """The database address that is really used."""
        return self.database_url or f"sqlite:///{self.instance / 'kbportal.sqlite'}"

    @property
    def is_https(self) -> bool:
        """Whether the portal is reached over https, so that cookies may be for that alone."""
        return self.site_url.startswith("https://")

    @property
    def sends_mail(self) -> bool:
        """Whether letters really leave; pages must not promise any otherwise."""
        return bool(self.mail_host)

    def password_for_mail(self) -> str:
        """The password at the mail server. Raises SettingsInvalid for a file that is not there."""
        if not self.mail_password_file:
            return self.mail_password
        try:
            return Path(self.mail_password_file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsInvalid(f"mail_password_file cannot be read: {error}") from error

    def secret_key(self) -> str:
        """The signing key; made at the first call, readable by its owner only."""
        path = self.instance / "secret_key"
        if not path.exists():
            create_private(path, secrets.token_urlsafe(48))
        key = path.read_text().strip()
        if len(key) < 32:
            raise SettingsInvalid(
                f"{path} holds a secret key of {len(key)} characters; delete it to have one made."
            )
        return key


def load(
    *,
    root: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    flags: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings, later sources over earlier ones.

    Args:
        root: Folder of kbportal.toml, and the one that relative paths start from.
        environ: Variables named KBPORTAL_<SETTING>; lists are comma-separated.
        flags: Already typed values; None means not given.

    Raises:
        SettingsInvalid: naming every unknown or unusable setting.
    """
    root = root or Path.cwd()
    known = {f.name: f for f in fields(Settings)}
    mistakes: list[str] = []
    values: dict[str, Any] = {}
    for source, raw in (
        (FILE_NAME, _read_file(root / FILE_NAME, mistakes)),
        ("environment", _from_environ(environ)),
        ("flags", {k: v for k, v in (flags or {}).items() if v is not None}),
    ):
        for name, value in raw.items():
            if name not in known:
                mistakes.append(f"{source}: there is no setting {name!r}")
                continue
            try:
                values[name] = coerced(value, known[name].default)
            except (TypeError, ValueError) as error:
                mistakes.append(f"{source}: {name} = {value!r} cannot be used: {error}")
    settings = replace(Settings(), **values)
    settings = replace(
        settings, logo=_file(root, settings.logo), logo_dark=_file(root, settings.logo_dark)
    )
    mistakes += mistakes_in(settings)
    if mistakes:
        raise SettingsInvalid("please mend the settings: " + "; ".join(mistakes))
    return replace(
        settings,
        instance=_absolute(root, settings.instance),
        articles=_absolute(root, settings.articles),
        indexes=_absolute(root, settings.indexes),
    )


def _absolute(root: Path, path: Path) -> Path:
    return (root / path.expanduser()).resolve()


def _file(root: Path, written: str) -> str:
    return str(_absolute(root, Path(written))) if written else ""


def _read_file(path: Path, mistakes: list[str]) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        mistakes.append(f"{path}: {error}")
        return {}


def _from_environ(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(ENV_PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(ENV_PREFIX)
    }
