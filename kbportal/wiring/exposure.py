"""A portal whose secrets lie open does not start."""

from __future__ import annotations

from typing import ClassVar

from kbportal.kernel.errors import PortalError
from kbportal.kernel.private_files import is_exposed
from kbportal.settings import Settings


class SecretsExposed(PortalError):
    """Files with secrets or with what customers wrote can be read by others; the message lists."""

    code: ClassVar[str] = "secrets_exposed"


def check_not_exposed(settings: Settings) -> None:
    """Look at what the portal made for its own account alone. Raises SecretsExposed."""
    from kbportal.people.api_keys import FILE_NAME
    from kbportal.storage.database import sqlite_path

    private = [settings.instance / name for name in ("secret_key", "visitor_key", FILE_NAME)]
    if database := sqlite_path(settings.database):
        private.append(database)
    if exposed := [str(path) for path in private if is_exposed(path)]:
        names = " ".join(exposed)
        raise SecretsExposed(f"others on this machine may read what is secret: chmod 600 {names}")
