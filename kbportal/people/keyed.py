"""Digests that only this portal can make: of things too short to be kept as a plain digest."""

from __future__ import annotations

import hashlib
import hmac


def keyed_digest(secret: bytes, purpose: str, text: str) -> str:
    """HMAC-SHA256, 64 hexadecimal digits; the same text for two purposes gives two digests."""
    content = f"{purpose}\0{text}".encode("utf-8", "replace")
    return hmac.new(secret, content, hashlib.sha256).hexdigest()
