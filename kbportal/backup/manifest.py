"""What a backup says of itself: its last member, so that one that was cut short has none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kbportal.backup.errors import BackupUnusable

FORMAT = "kbportal-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
DATABASE = "kbportal.sqlite"
SETTINGS = "kbportal.toml"
ATTACHMENTS = "attachments"
SECRETS = ("secret_key", "api_keys.json")
"""Files of the instance that go along. The key that tells visitors apart does not: it must be
forgotten within 48 hours, everywhere."""

_NAMES = re.compile(rf"{ATTACHMENTS}/[0-9a-f]{{32}}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the backup: its size in bytes and the SHA-256 of its content."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup. schema: version of the database; missing: files that were gone."""

    portal: str
    schema: str
    made: str
    tickets: int
    files: Mapping[str, Member]
    missing: tuple[str, ...] = ()


def is_name(name: str) -> bool:
    """Whether a backup may have a member of this name, beside its manifest."""
    return name in {DATABASE, SETTINGS, *SECRETS} or bool(_NAMES.fullmatch(name))


def to_json(manifest: Manifest) -> bytes:
    """As it is written."""
    document = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(manifest)}
    return json.dumps(document, indent=1, sort_keys=True).encode()


def from_json(text: bytes) -> Manifest:
    """As it was written.

    Raises:
        BackupUnusable: It is of another program, of a later format, or nonsense.
    """
    try:
        document = json.loads(text)
        if document.pop("format") != FORMAT:
            raise ValueError("another format")
        version = int(document.pop("format_version"))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise foreign() from error
    if version > FORMAT_VERSION:
        raise BackupUnusable(
            f"the backup was made by a later kbportal (format {version}); install that version",
            problem="newer",
        )
    try:
        return _read(document)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise BackupUnusable("the backup's manifest cannot be read", problem="damaged") from error


def foreign() -> BackupUnusable:
    """What is said of a file that we did not make."""
    return BackupUnusable("this is no backup of kbportal", problem="foreign")


def _read(document: Mapping[str, Any]) -> Manifest:
    files = {
        str(name): Member(int(one["size"]), str(one["sha256"]))
        for name, one in document["files"].items()
    }
    if not all(is_name(name) and _DIGEST.fullmatch(one.sha256) for name, one in files.items()):
        raise ValueError("a member that cannot be")
    return Manifest(
        portal=str(document["portal"]),
        schema=str(document["schema"]),
        made=str(document["made"]),
        tickets=int(document["tickets"]),
        files=files,
        missing=tuple(map(str, document["missing"])),
    )
