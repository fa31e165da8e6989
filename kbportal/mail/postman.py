"""The thread that sends letters while the server runs.

Every worker process has one, and a lock on a file lets one of them work at a time; the system
frees it when its owner ends, however that happens, and another one goes on.
"""

from __future__ import annotations

import atexit
import logging
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from kbportal.kernel.clock import Clock
from kbportal.mail.ports import Carrier, Outbox
from kbportal.mail.rules import pause
from kbportal.mail.sending import Office, Round, send_due

LOOKS_EVERY_S = 2.0
ANOTHER_WORKS_S = 5.0
LONGEST_REST_S = 300.0
KEPT = timedelta(days=90)
"""How long the outbox remembers letters that went."""

_log = logging.getLogger(__name__)
_dice = random.SystemRandom()


@contextmanager
def at_work(lock: Path) -> Iterator[bool]:
    """Whether this process is the one that sends, for as long as the block lasts."""
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = FileLock(lock, mode=0o600)
    try:
        held.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        held.release()


class Postman:
    """Looks for letters that are due, again and again, until stopped."""

    def __init__(
        self,
        outbox: Outbox,
        carrier: Carrier,
        office: Office,
        *,
        lock: Path,
        clock: Clock,
        chance: Callable[[], float] = _dice.random,
    ) -> None:
        self._outbox, self._carrier, self._office = outbox, carrier, office
        self._lock, self._clock, self._chance = lock, clock, chance
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; once per process, after it was forked."""
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)
        self._thread.start()
        atexit.register(self.stop)

    def stop(self, timeout: float = 8.0) -> None:
        """Finish the letter in hand, if that does not last too long, and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with at_work(self._lock) as mine:
                    if mine:
                        self._work()
            except Exception:  # noqa: BLE001  the thread must outlive a database that is away
                _log.exception("the postman stumbled")
            self._stopping.wait(ANOTHER_WORKS_S)

    def _work(self) -> None:
        """Send as long as all goes well; what goes wrong in the database ends it."""
        now = self._clock()
        self._outbox.recover(sender=self._office.name, now=now)
        self._outbox.purge(now - KEPT)
        in_vain = 0
        while not self._stopping.is_set():
            done = self.round()
            in_vain = 0 if done.reachable else in_vain + 1
            rest = min(pause(in_vain, chance=self._chance()).total_seconds(), LONGEST_REST_S)
            self._stopping.wait(rest if in_vain else LOOKS_EVERY_S)

    def round(self) -> Round:
        """Send what is due."""
        return send_due(
            self._outbox, self._carrier, self._office,
            clock=self._clock, chance=self._chance, go_on=lambda: not self._stopping.is_set(),
        )  # fmt: skip
