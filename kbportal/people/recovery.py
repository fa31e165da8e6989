"""Recovery codes: for the day on which the phone is not there.

Digits alone, so that the one field for codes can bring up the keys for numbers on a phone; sixteen
of them are 53 random bits. What is kept is a keyed digest: nothing slower is needed for a secret
that nobody can guess.
"""

from __future__ import annotations

import secrets

from kbportal.people.keyed import keyed_digest

HOW_MANY = 10
DIGITS = 16


def new_codes() -> tuple[str, ...]:
    """Ten codes in groups of four digits."""
    return tuple(_grouped(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}") for _ in range(HOW_MANY))


def plain_code(typed: str) -> str:
    """What was typed into the field for codes, without the blanks and dashes of its groups."""
    return "".join(char for char in typed if not char.isspace() and char not in "-‐‑–")


def is_recovery(code: str) -> bool:
    """Whether a plain code is of this kind, right or wrong."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def recovery_digest(code: str, *, user_id: str, secret: bytes) -> str:
    """What is kept of a code; the same code of another account has another digest."""
    return keyed_digest(secret, "recovery", f"{user_id} {plain_code(code)}")


def _grouped(digits: str) -> str:
    return "-".join(digits[at : at + 4] for at in range(0, DIGITS, 4))
