"""Counts for rate limits that all worker processes of one machine share, in one small file.

A count lives in one of eight places that its key's hash names; where all are taken, the one that
ends first gives way. Nothing waits: a file that cannot be locked at once is counted in without
the lock, which may lose one count, and one that cannot be used at all is replaced by counts of
this process alone. Keys, which hold addresses of people, are kept as keyed hashes.
"""

from __future__ import annotations

import fcntl
import logging
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from limits.storage import MemoryStorage, Storage

SCHEME = "kbcounts"
FILE_NAME = "limits.counts"

_log = logging.getLogger(__name__)

# Hash of the key, when its window ends (seconds since 1970), how often; all zero where free.
_PLACE = struct.Struct("<QdQ")
_PLACES = 8
_SHELF_BYTES = _PLACES * _PLACE.size
_SHELVES = 4096
_SALT_BYTES = 64
_FILE_BYTES = _SALT_BYTES + _SHELVES * _SHELF_BYTES
_TRIES = 20
_PAUSE_S = 0.0001


class SharedCounts(Storage):
    """Storage of the limits library, addressed as ``kbcounts:/folder/file``; opened when used."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012  declared so by the library

    def __init__(self, uri: str = "", wrap_exceptions: bool = False, **options: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._path = Path(uri.removeprefix(f"{SCHEME}:"))
        self._threads = threading.Lock()
        self._owner, self._file, self._salt = 0, -1, b""
        self._alone: MemoryStorage | None = None

    def __del__(self) -> None:
        self._shut()

    @property
    def base_exceptions(self) -> type[Exception]:
        return OSError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count; `expiry` is the length of the window in seconds. Returns the new count."""
        with self._threads:
            if self._is_open():
                with suppress(OSError), self._locked():
                    return self._count(key, expiry, amount)
            return self._by_myself().incr(key, expiry, amount)

    def get(self, key: str) -> int:
        """How often it was counted in the window that is open, if one is."""
        return self._look_up(key)[1]

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970; now if none is open."""
        return self._look_up(key)[0]

    def check(self) -> bool:
        """Whether counts are shared."""
        with self._threads:
            return self._is_open()

    def reset(self) -> int | None:
        """Forget everything."""
        with self._threads:
            if self._is_open():
                os.pwrite(self._file, bytes(_FILE_BYTES - _SALT_BYTES), _SALT_BYTES)
            if self._alone:
                self._alone.reset()
        return None

    def clear(self, key: str) -> None:
        """Forget one key."""
        with self._threads:
            if self._is_open():
                mark, offset = self._place_of(key)
                for at, (known, _, _) in enumerate(self._shelf(offset)):
                    if known == mark:
                        os.pwrite(self._file, bytes(_PLACE.size), offset + at * _PLACE.size)
            if self._alone:
                self._alone.clear(key)

    def _look_up(self, key: str) -> tuple[float, int]:
        now = time.time()
        with self._threads:
            if self._is_open():
                with suppress(OSError):
                    mark, offset = self._place_of(key)
                    for known, until, count in self._shelf(offset):
                        if known == mark and until > now:
                            return until, count
                    return now, 0
            alone = self._by_myself()
            return alone.get_expiry(key), alone.get(key)

    def _count(self, key: str, expiry: float, amount: int) -> int:
        now = time.time()
        mark, offset = self._place_of(key)
        shelf = list(self._shelf(offset))
        at = next((at for at, one in enumerate(shelf) if one[0] == mark), -1)
        until, count = now + expiry, 0
        # A window that ends later than one begun now was begun by a clock that was set back.
        if at >= 0 and now < shelf[at][1] <= until:
            _, until, count = shelf[at]
        if at < 0:
            at = min(range(_PLACES), key=lambda place: shelf[place][1])
        place = _PLACE.pack(mark, until, count + amount)
        os.pwrite(self._file, place, offset + at * _PLACE.size)
        return count + amount

    def _shelf(self, offset: int) -> Iterator[tuple[int, float, int]]:
        found = os.pread(self._file, _SHELF_BYTES, offset)
        if len(found) < _SHELF_BYTES:
            raise OSError("the file of counts was cut")
        return _PLACE.iter_unpack(found)

    def _place_of(self, key: str) -> tuple[int, int]:
        """The hash that stands for a key, and where its shelf begins."""
        digest = blake2b(key.encode("utf-8", "replace"), key=self._salt, digest_size=8).digest()
        mark = int.from_bytes(digest, "little") or 1
        return mark, _SALT_BYTES + mark % _SHELVES * _SHELF_BYTES

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the file for this process, if that can be had within two milliseconds."""
        held = False
        for _ in range(_TRIES):
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                held = True
                break
            except BlockingIOError:
                time.sleep(_PAUSE_S)
        try:
            yield
        finally:
            if held:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _is_open(self) -> bool:
        """Whether the file can be used; opens it, and once more in a process that was forked."""
        if self._owner == os.getpid():
            return self._file >= 0
        self._owner, self._file = os.getpid(), -1
        try:
            self._file, self._salt = _open(self._path)
        except OSError as error:
            _log.warning("rate limits are counted by this process alone: %s", error)
        return self._file >= 0

    def _by_myself(self) -> MemoryStorage:
        self._alone = self._alone or MemoryStorage()
        return self._alone

    def _shut(self) -> None:
        if self._file >= 0 and self._owner == os.getpid():
            with suppress(OSError):
                os.close(self._file)
            self._file = -1


def _open(path: Path) -> tuple[int, bytes]:
    """The file, made if it is not there or not whole, and the salt of its hashes."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file).st_size != _FILE_BYTES:
            os.ftruncate(file, 0)
            # All of it now, so that a full disk shows here and not later.
            os.posix_fallocate(file, 0, _FILE_BYTES)
            os.pwrite(file, os.urandom(_SALT_BYTES), 0)
        fcntl.flock(file, fcntl.LOCK_UN)
        return file, os.pread(file, _SALT_BYTES, 0)
    except OSError:
        os.close(file)
        raise
