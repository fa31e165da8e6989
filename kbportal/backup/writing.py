"""Writing a backup: beside its place, to the disk, and only then under its name."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import secrets
import tarfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, BinaryIO

from kbportal.backup.errors import BackupImpossible
from kbportal.backup.manifest import (
    ATTACHMENTS,
    DATABASE,
    MANIFEST,
    SECRETS,
    SETTINGS,
    Manifest,
    Member,
    to_json,
)
from kbportal.kernel.durable import sync

_LEVEL = 3
"""Of compression: pictures and PDF, which are most of it, gain nothing by more."""
_MTIME = 0


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy of the database holds. stored: names of the files that it knows."""

    schema: str
    tickets: int
    stored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the parts of a portal are; `settings` may not exist."""

    instance: Path
    settings: Path


def write_backup(
    target: Path,
    place: Place,
    *,
    copy_database: Callable[[Path], Copied],
    portal: str,
    made: str,
) -> Manifest:
    """Put a copy of a portal, which may be serving, in one file that only its owner may read.

    The database is copied first: every file that it knows was on the disk before.

    Args:
        copy_database: Writes a consistent copy to the path and says what is in it.
        portal, made: Its version and the moment, for the manifest.

    Raises:
        BackupImpossible: Nothing is left under `target` but what was there.
    """
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    copy = fresh.with_name(f"{fresh.name}.sqlite")
    try:
        copied = copy_database(copy)
        manifest = Manifest(portal, copied.schema, made, copied.tickets, {})
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            manifest = _write(file, manifest, place, copy, copied.stored)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
        sync(target.parent)
    except OSError as error:
        raise BackupImpossible(
            f"the backup cannot be written: {error.filename or target}: {error.strerror or error}"
        ) from error
    finally:
        for path in (fresh, copy):
            with suppress(OSError):
                path.unlink()
    return manifest


def _write(
    file: BinaryIO, manifest: Manifest, place: Place, copy: Path, stored: Iterable[str]
) -> Manifest:
    members: dict[str, Member] = {}
    missing: list[str] = []
    with (
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=_MTIME) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        members[DATABASE] = _add(tar, DATABASE, copy)
        for name in SECRETS:
            if (place.instance / name).is_file():
                members[name] = _add(tar, name, place.instance / name)
        if place.settings.is_file():
            members[SETTINGS] = _add(tar, SETTINGS, place.settings)
        for one in stored:
            name = f"{ATTACHMENTS}/{one}"
            try:
                members[name] = _add(tar, name, place.instance / name)
            except FileNotFoundError:
                # Deleted since the database was copied, or lost long ago: said, not hidden.
                missing.append(one)
        manifest = replace(manifest, files=members, missing=tuple(missing))
        text = to_json(manifest)
        tar.addfile(_entry(MANIFEST, len(text)), io.BytesIO(text))
    return manifest


def _add(tar: tarfile.TarFile, name: str, path: Path) -> Member:
    """Add a file; its hash is of what was written, not of what it may be later."""
    with path.open("rb") as source:
        size = os.fstat(source.fileno()).st_size
        hashing = _Hashing(source)
        tar.addfile(_entry(name, size), hashing)
    return Member(size, hashing.digest.hexdigest())


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, _MTIME
    return entry


class _Hashing:
    """A file that hashes what is read from it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self._source.read(size)
        self.digest.update(part)
        return part
