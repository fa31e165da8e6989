"""Telling visitors apart without a cookie: a keyed hash whose key is forgotten within 48 hours."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from flask import request

KEY_LIFETIME = timedelta(hours=48)
SESSION_LENGTH_S = 1800


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
    try:
        made, _, value = path.read_text().partition(" ")
        if timedelta(0) <= now - datetime.fromisoformat(made) < KEY_LIFETIME:
            return bytes.fromhex(value)
    except (OSError, ValueError):
        pass
    key = secrets.token_bytes(32)
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(f"{now.isoformat()} {key.hex()}")
    fresh.replace(path)
    return key
