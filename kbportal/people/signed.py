"""What a browser carries for us for a few minutes: signed, for one purpose, with its end."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer


def sign(purpose: str, facts: Sequence[str], *, secret: bytes, until: datetime) -> str:
    """A text, fit for a cookie or a field, that says these facts until a moment."""
    return str(_signer(purpose, secret).dumps([int(until.timestamp()), *facts]))


def read_signed(purpose: str, text: str, *, secret: bytes, now: datetime) -> list[str] | None:
    """The facts that were signed for this purpose; None when they were not, or are past."""
    try:
        said: Any = _signer(purpose, secret).loads(text)
    except BadData:
        return None
    until, *facts = said
    return [str(fact) for fact in facts] if now.timestamp() < until else None


def _signer(purpose: str, secret: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret, salt=f"kbportal {purpose}", signer_kwargs={"digest_method": hashlib.sha256}
    )
