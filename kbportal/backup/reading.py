"""Reading a backup into a folder of its own, and believing nothing of it before it is verified."""

from __future__ import annotations

import gzip
import hashlib
import os
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from kbportal.backup.errors import BackupUnusable
from kbportal.backup.manifest import (
    DATABASE,
    MANIFEST,
    Manifest,
    Member,
    foreign,
    from_json,
    is_name,
)

_PART = 1 << 20
_MAX_MANIFEST = 64 << 20
_GZIP = b"\x1f\x8b"


def unpack(source: Path, folder: Path, *, known_schema: str) -> Manifest:
    """Everything in a backup as files below an empty folder, readable by their owner alone.

    Args:
        known_schema: The newest version of the database that this portal can use.

    Raises:
        BackupUnusable: It is damaged, of another program, or of a later portal.
        OSError: It cannot be read, or the folder cannot be written.
    """
    with source.open("rb") as file:
        if file.read(2) != _GZIP:
            raise foreign()
        file.seek(0)
        try:
            found, text = _extract(file, folder)
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _damaged("it ends too early or cannot be unpacked") from error
    if text is None:
        raise _damaged("its end is missing") if DATABASE in found else foreign()
    manifest = from_json(text)
    _compare(found, manifest)
    if manifest.schema > known_schema:
        raise BackupUnusable(
            f"the backup was made by a later kbportal ({manifest.portal}, database "
            f"{manifest.schema}; this one knows {known_schema}); install that version",
            problem="newer",
        )
    return manifest


def verify_database(path: Path, manifest: Manifest, facts: Callable[[Path], str]) -> None:
    """Hold the copy of the database to what the manifest says; `facts` gives its schema.

    Raises:
        BackupUnusable
    """
    schema = facts(path)
    if schema != manifest.schema:
        raise _damaged(f"its database is {schema or 'none'}, not {manifest.schema}")


def _extract(file: IO[bytes], folder: Path) -> tuple[dict[str, Member], bytes | None]:
    found: dict[str, Member] = {}
    text: bytes | None = None
    with tarfile.open(fileobj=file, mode="r:gz") as tar:
        for entry in tar:
            content = tar.extractfile(entry) if entry.isreg() else None
            if content is None or text is not None or entry.name in found:
                raise foreign()
            if entry.name == MANIFEST:
                text = content.read(_MAX_MANIFEST)
            elif is_name(entry.name):
                found[entry.name] = _keep(content, folder / entry.name)
            else:
                raise foreign()
        # The checksum of the whole is at its very end, and looked at when that is read.
        while tar.fileobj is not None and tar.fileobj.read(_PART):
            pass
    return found, text


def _keep(content: IO[bytes], path: Path) -> Member:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while part := content.read(_PART):
            digest.update(part)
            size += len(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return Member(size, digest.hexdigest())


def _compare(found: dict[str, Member], manifest: Manifest) -> None:
    wrong = sorted(
        name
        for name in found.keys() | manifest.files.keys()
        if found.get(name) != manifest.files.get(name)
    )
    if wrong or DATABASE not in found:
        named = ", ".join(wrong[:3]) or DATABASE
        raise _damaged(f"what it holds is not what was written: {named}")


def _damaged(why: str) -> BackupUnusable:
    return BackupUnusable(f"the backup is damaged: {why}; take another one", problem="damaged")
