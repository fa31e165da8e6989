"""Work that one process does at a time, however many serve: the right to it, and its thread.

The right is a lock on a file. The system frees it when its owner ends, however that happens, and
another process goes on.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_log = logging.getLogger(__name__)


@contextmanager
def turn(lock: Path, *, wait_s: float | None = 0) -> Iterator[bool]:
    """Whether it is this process's turn, for as long as the block lasts.

    Args:
        lock: A file that is made, with its folder, if it is not there.
        wait_s: How long to wait for another process to end its turn; None for ever.
    """
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = FileLock(lock, mode=0o600, timeout=-1 if wait_s is None else wait_s)
    try:
        held.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        held.release()


class Rounds:
    """A thread that makes its rounds until it is stopped.

    A round that raises is logged, and the next one comes all the same: the thread must outlive a
    database that is away and a disk that is full.
    """

    def __init__(
        self, name: str, one: Callable[[], object], *, every_s: float, first_s: float = 0
    ) -> None:
        """One: a round; first_s: how long to wait before the first one."""
        self._name, self._one = name, one
        self._every_s, self._first_s = every_s, first_s
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; once per process, after it was forked."""
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()
        atexit.register(self.stop)

    def stop(self, timeout: float = 8.0) -> None:
        """Let the round in hand come to its end, if that does not last too long; seconds."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def go_on(self) -> bool:
        """Whether nobody asked to stop."""
        return not self._stopping.is_set()

    def rest(self, seconds: float) -> None:
        """Wait, but no longer than until somebody asks to stop."""
        self._stopping.wait(seconds)

    def _run(self) -> None:
        self.rest(self._first_s)
        while self.go_on():
            try:
                self._one()
            except Exception:  # noqa: BLE001  see the class
                _log.exception("the %s stumbled", self._name)
            self.rest(self._every_s)
