"""Slowing down those who guess passwords, without locking out the one they guess for.

Failures are counted per account and per address for ten minutes. A browser that signed in to
the account before carries a device proof and is counted on its own, so that a stranger's
guesses do not keep the owner out. Addresses are kept as keyed hashes and only that long.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from kbportal.kernel.addresses import fold_address
from kbportal.kernel.ids import new_token
from kbportal.people.errors import TooManyAttempts
from kbportal.people.keyed import keyed_digest
from kbportal.people.ports import PeopleStore

WINDOW = timedelta(minutes=10)
MOST_PER_ACCOUNT, MOST_PER_ADDRESS = 5, 20


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door. address: where they come from; device: their proof, if any."""

    email: str
    password: str
    address: str
    device: str | None = None


def counters(attempt: Attempt, *, secret: bytes) -> tuple[str, str]:
    """The keys under which this attempt is counted: of the account or device, of the address."""
    account = fold_address(attempt.email)
    if attempt.device and is_device_of(attempt.device, account, secret=secret):
        account = f"{account} {attempt.device}"
    return keyed_digest(secret, "account", account), keyed_digest(
        secret, "address", attempt.address
    )


def check_allowed(store: PeopleStore, keys: tuple[str, str], *, now: datetime) -> None:
    """Raises TooManyAttempts while either counter is full."""
    for key, most in zip(keys, (MOST_PER_ACCOUNT, MOST_PER_ADDRESS), strict=True):
        failures = store.failures(key, now - WINDOW)
        if len(failures) >= most:
            wait = failures[-most] + WINDOW - now
            seconds = max(1, int(wait.total_seconds()) + 1)
            raise TooManyAttempts("too many failed attempts", retry_after_s=seconds)


def note_failure(store: PeopleStore, keys: tuple[str, str], *, now: datetime) -> None:
    """Count the attempt as failed."""
    for key in keys:
        store.note_failure(key, now, forget_before=now - WINDOW)


def new_device(email: str, *, secret: bytes) -> str:
    """A proof, for a cookie, that this browser signed in to that account."""
    nonce = new_token()
    return f"{nonce}.{keyed_digest(secret, 'device', nonce + fold_address(email))}"


def is_device_of(device: str, email: str, *, secret: bytes) -> bool:
    """Whether the proof is ours and for this account."""
    nonce, _, mac = device.partition(".")
    right = keyed_digest(secret, "device", nonce + fold_address(email))
    return hmac.compare_digest(mac.encode("utf-8", "replace"), right.encode())
