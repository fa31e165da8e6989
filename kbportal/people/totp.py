"""Codes that an app shows anew every half minute. The only door to pyotp.

Source: RFC 6238 (TOTP) over RFC 4226 (HOTP), with what every app takes: SHA-1, six digits, 30 s.
"""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

STEP_S = 30
DIGITS = 6
DRIFT = 1
"""Steps that a clock may be wrong by, and that typing may take."""


def new_secret() -> str:
    """160 random bits in base 32, what RFC 4226 recommends."""
    return pyotp.random_base32()


def app_address(secret: str, *, account: str, issuer: str) -> str:
    """What the app reads from the picture: an ``otpauth:`` address."""
    return pyotp.TOTP(secret, interval=STEP_S, digits=DIGITS).provisioning_uri(
        name=account, issuer_name=issuer
    )


def step_at(moment: datetime) -> int:
    """The time step of a moment: half minutes since 1970."""
    return int(moment.timestamp()) // STEP_S


def step_of(secret: str, code: str, *, now: datetime, after: int = -1) -> int | None:
    """The time step that a code belongs to; None when it is not a code of these minutes.

    Args:
        code: Six digits, nothing else.
        after: The last step whose code was taken; its own and earlier codes are refused, so that
            a code that somebody saw being typed opens nothing (RFC 6238, 5.2).
    """
    maker, here = pyotp.HOTP(secret, digits=DIGITS), step_at(now)
    for step in range(max(here - DRIFT, after + 1), here + DRIFT + 1):
        if hmac.compare_digest(maker.at(step).encode(), code.encode("utf-8", "replace")):
            return step
    return None
