"""Programs that show a key: counted by it instead of by their address."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import g, request
from flask_babel import gettext as _
from limits import RateLimitItemPerMinute

from kbportal.people.api_keys import FILE_NAME, ApiKey, KeyRefused, key_of, read_keys
from kbportal.web.api.refusals import Refused, too_many
from kbportal.web.portal import portal
from kbportal.web.security import may_spend, spend
from kbportal.web.visitor import NOBODY

_SCHEME = "bearer"
_UNKNOWN_KEYS = RateLimitItemPerMinute(30)
_KEYS_SHOWN = "unknown keys"
_LONGEST = 200
_log = logging.getLogger(__name__)

# Instance folder → when its file of keys was written, and the keys.
_read: dict[Path, tuple[tuple[int, int], tuple[ApiKey, ...]]] = {}


def refuse_unknown_keys() -> None:
    """Refuse a key that is none; a program is nobody's browser, so it has no visitor.

    Raises:
        Refused: 401 for a key that is unknown or was taken away; 429 where too many were shown.
    """
    if _given() is None:
        return
    if current_key() is None:
        if not may_spend(_UNKNOWN_KEYS, _KEYS_SHOWN, cost=1):
            raise too_many(_UNKNOWN_KEYS.get_expiry())
        spend(_UNKNOWN_KEYS, _KEYS_SHOWN, cost=1)
        raise Refused(401, "key_unknown", _("This key is not known here."))
    g.visitor = NOBODY


def current_key() -> ApiKey | None:
    """The key that this request shows, if it is one of the portal's."""
    if "api_key" not in g:
        given = _given()
        g.api_key = key_of(_keys(), given) if given else None
    found: ApiKey | None = g.api_key
    return found


def has_key() -> bool:
    """Whether this request shows a key of the portal's."""
    return current_key() is not None


def has_none() -> bool:
    """Whether it does not."""
    return current_key() is None


def key_name() -> str:
    """Whom the allowance of a key counts; asked for requests with a key alone."""
    key = current_key()
    return key.name if key else ""


def allowance() -> str:
    """The allowance of the key, as the limiter reads it."""
    key = current_key()
    return f"{key.per_minute if key else 1} per minute"


def _given() -> str | None:
    """What stands after "Bearer"; other schemes are for a proxy in front."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip()[:_LONGEST] if scheme.lower() == _SCHEME else None


def _keys() -> tuple[ApiKey, ...]:
    """The keys as they are now; the file is read again when it has changed."""
    folder = portal().settings.instance
    try:
        facts = (folder / FILE_NAME).stat()
    except OSError:
        return ()
    stamp = (facts.st_mtime_ns, facts.st_ino)
    if folder not in _read or _read[folder][0] != stamp:
        try:
            _read[folder] = (stamp, read_keys(folder))
        except KeyRefused as error:
            _log.error("no key is taken: %s", error)
            return ()
    return _read[folder][1]
