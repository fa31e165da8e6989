"""Contents of files: one file each in a folder of the instance, readable by its owner only."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from kbportal.kernel.durable import sync
from kbportal.storage.database import reason_of
from kbportal.storage.errors import StorageUnavailable

_NAME = re.compile(r"[0-9a-f]{32}")
_BEGUN = ".part"


class DiskFileStore:
    """FileStore in one folder, which is made when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        name = secrets.token_hex(16)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            begun = self._folder / f"{name}{_BEGUN}"
            try:
                _write(begun, content)
                begun.replace(self._folder / name)
            except OSError:
                begun.unlink(missing_ok=True)
                raise
            sync(self._folder)
        except OSError as error:
            raise StorageUnavailable(
                f"a file cannot be kept: {error}", reason=reason_of(str(error))
            ) from error
        return name

    def open(self, stored: str) -> BinaryIO | None:
        if not _NAME.fullmatch(stored):
            return None
        with suppress(OSError):
            return (self._folder / stored).open("rb")
        return None

    def drop(self, stored: Iterable[str]) -> None:
        for name in stored:
            with suppress(OSError):
                (self._folder / name).unlink()

    def names(self, *, before: datetime) -> tuple[str, ...]:
        """What was written before, files that were only begun included."""
        latest = before.timestamp()
        with suppress(OSError):
            found = sorted(self._folder.iterdir())
            return tuple(one.name for one in found if one.stat().st_mtime < latest)
        return ()


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
