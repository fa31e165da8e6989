"""Telling visitors apart without a cookie: a keyed hash whose key is forgotten within 48 hours."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import request

from kbportal.kernel.private_files import write_private

KEY_LIFETIME = timedelta(hours=48)
SESSION_LENGTH_S = 1800

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Key:
    made: datetime
    value: bytes


_KEY_BYTES = 32
# Where a key belongs → the key, while the instance folder takes none.
_unsaved: dict[Path, _Key] = {}


def daily_id(instance: Path, *, now: datetime) -> tuple[str, str]:
    """Visitor and session id of the current request, 32 hexadecimal digits each.

    Sessions are cut every half hour by the clock, since nothing is kept between requests.
    """
    key = _key(instance / "visitor_key", now=now)
    who = f"{request.remote_addr} {request.headers.get('User-Agent', '')}"
    slot = int(now.timestamp()) // SESSION_LENGTH_S
    return _hash(key, who), _hash(key, f"{who} {slot}")


def _hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def _key(path: Path, *, now: datetime) -> bytes:
    """The key in force; one of more than 48 hours is overwritten and thereby gone."""
    stored = _read(path)
    if stored and _is_fresh(stored, now):
        return stored.value
    fresh = _unsaved.get(path)
    if fresh is None or not _is_fresh(fresh, now):
        fresh = _Key(now, secrets.token_bytes(_KEY_BYTES))
    _keep(path, fresh)
    return fresh.value


def _is_fresh(key: _Key, now: datetime) -> bool:
    return timedelta(0) <= now - key.made < KEY_LIFETIME


def _read(path: Path) -> _Key | None:
    try:
        made, _, value = path.read_text().partition(" ")
        key = _Key(datetime.fromisoformat(made), bytes.fromhex(value))
    except (OSError, ValueError):
        return None
    return key if key.made.tzinfo and len(key.value) == _KEY_BYTES else None


def _keep(path: Path, key: _Key) -> None:
    """Store a key for all processes; where the folder takes none, remember it in this one."""
    try:
        write_private(path, f"{key.made.isoformat()} {key.value.hex()}")
    except OSError as error:
        if path not in _unsaved:
            _log.warning("the key that tells visitors apart is kept in memory alone: %s", error)
        _unsaved[path] = key
    else:
        _unsaved.pop(path, None)
