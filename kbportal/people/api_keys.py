"""Keys for programs that ask on behalf of many people and so need a larger allowance.

A key opens nothing that is not open anyhow, unless it was made with a right. The file holds
digests: a key is shown once.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from kbportal.kernel.errors import PortalError
from kbportal.kernel.ids import new_token, token_digest
from kbportal.kernel.private_files import write_private
from kbportal.kernel.turns import turn

FILE_NAME = "api_keys.json"
PREFIX = "kbp_"
MOST_PER_MINUTE = 1_000_000
INSIGHTS = "insights"
"""The right to read the managers' numbers."""

# Of two who change the file at once, one would undo what the other did.
_LOCK = "api_keys.lock"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?")


class KeyRefused(PortalError):
    """A key cannot be made, taken away or read; the message says why."""

    code: ClassVar[str] = "api_key_refused"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Who calls: `per_minute` calls of any kind. made: when, in ISO 8601. rights: what it opens."""

    name: str
    digest: str
    per_minute: int
    made: str
    rights: tuple[str, ...] = ()


def read_keys(folder: Path) -> tuple[ApiKey, ...]:
    """The keys of a portal whose instance folder this is, by name.

    Raises:
        KeyRefused: The file is there and cannot be read.
    """
    path = folder / FILE_NAME
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return tuple(ApiKey(**(row | {"rights": tuple(row.get("rights", ()))})) for row in rows)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise KeyRefused(f"{path} cannot be read: {error}") from error


def add_key(
    folder: Path, name: str, *, per_minute: int, now: datetime, rights: Iterable[str] = ()
) -> str:
    """Make a key and return it; it cannot be had again.

    Raises:
        KeyRefused: The name is taken or no name, or the allowance is none.
    """
    if not _NAME.fullmatch(name):
        raise KeyRefused(f"{name!r} is no name for a key: use up to 40 letters, digits, . _ -")
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        raise KeyRefused(f"an allowance is 1 to {MOST_PER_MINUTE} calls a minute")
    key = PREFIX + new_token()
    made = ApiKey(name, token_digest(key), per_minute, now.isoformat(), tuple(rights))
    with turn(folder / _LOCK, wait_s=None):
        keys = read_keys(folder)
        if any(one.name == name for one in keys):
            raise KeyRefused(f"there is a key named {name!r}: remove it first")
        _write(folder, (*keys, made))
    return key


def remove_key(folder: Path, name: str) -> None:
    """Take a key away, from the next call on. Raises KeyRefused if there is none of this name."""
    with turn(folder / _LOCK, wait_s=None):
        keys = read_keys(folder)
        left = tuple(one for one in keys if one.name != name)
        if left == keys:
            raise KeyRefused(f"there is no key named {name!r}")
        _write(folder, left)


def key_of(keys: Iterable[ApiKey], given: str) -> ApiKey | None:
    """The key that was given, if it is one."""
    digest = token_digest(given)
    return next((one for one in keys if secrets.compare_digest(one.digest, digest)), None)


def _write(folder: Path, keys: Iterable[ApiKey]) -> None:
    rows = [asdict(one) for one in sorted(keys, key=lambda one: one.name)]
    write_private(folder / FILE_NAME, json.dumps(rows, indent=1))
