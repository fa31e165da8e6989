"""The thread that keeps the numbers in order while the server runs.

Every worker process has one, and a lock on a file lets one of them work at a time; the system
frees it when its owner ends, however that happens, and another one goes on. When each job was
done last stands in a file beside the lock, so that it is done as seldom as it should be however
many processes there are and however often they start.
"""

from __future__ import annotations

import atexit
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from kbportal.deflection.ledger.ledger import Ledger
from kbportal.deflection.period import days
from kbportal.kernel.clock import Clock
from kbportal.kernel.private_files import write_private

LOOKS_EVERY_S = 5.0
FIRST_LOOK_S = 2.0
"""A server that has just started has customers to answer first."""
COUNTED_BACK = timedelta(days=400)
"""How far back days are counted without being asked for."""

GoOn = Callable[[], bool]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done every so often; run: gets the time, and whether there is time left."""

    name: str
    every: timedelta
    run: Callable[[datetime, GoOn], object]


def roll_ups(ledger: Ledger) -> Job:
    """Counting the days that are out of date, at most once a minute."""

    def run(now: datetime, go_on: GoOn) -> int:
        today = now.astimezone(UTC).date()
        period = days(today - COUNTED_BACK, today)
        return ledger.refresh_by_the_way(period, now=now, go_on=go_on)

    return Job("roll-ups", timedelta(minutes=1), run)


class Bookkeeper:
    """Does the jobs that are due, again and again, until stopped."""

    def __init__(self, jobs: Sequence[Job], *, lock: Path, clock: Clock) -> None:
        self._jobs, self._lock, self._clock = tuple(jobs), lock, clock
        self._diary = lock.with_suffix(".json")
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; once per process, after it was forked."""
        self._thread = threading.Thread(target=self._run, name="bookkeeper", daemon=True)
        self._thread.start()
        atexit.register(self.stop)

    def stop(self, timeout: float = 8.0) -> None:
        """Finish the day in hand, if that does not last too long, and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def round(self) -> tuple[str, ...]:
        """Do what is due, unless another process is at it; the names of what was done.

        A job that fails is tried again when it is due again, and stops no other.
        """
        done: list[str] = []
        with _at_work(self._lock) as mine:
            for job in self._jobs if mine else ():
                now = self._clock()
                if not self._stopping.is_set() and self._begins(job, now):
                    done += [job.name] if self._does(job, now) else []
        return tuple(done)

    def _does(self, job: Job, now: datetime) -> bool:
        try:
            job.run(now, lambda: not self._stopping.is_set())
        except Exception:  # noqa: BLE001  one job must not end the others
            _log.exception("the bookkeeper could not finish: %s", job.name)
            return False
        return True

    def _begins(self, job: Job, now: datetime) -> bool:
        """Whether the job is due; then it is noted as begun."""
        diary = _read(self._diary)
        before = diary.get(job.name)
        # A clock that was set back must not put a job off.
        if before is not None and timedelta() <= now - before < job.every:
            return False
        text = json.dumps({name: at.isoformat() for name, at in (diary | {job.name: now}).items()})
        write_private(self._diary, text)
        return True

    def _run(self) -> None:
        self._stopping.wait(FIRST_LOOK_S)
        while not self._stopping.is_set():
            try:
                self.round()
            except Exception:  # noqa: BLE001  the thread must outlive a disk that is full
                _log.exception("the bookkeeper stumbled")
            self._stopping.wait(LOOKS_EVERY_S)


def _read(diary: Path) -> dict[str, datetime]:
    """When each job was begun last; a diary that cannot be read says nothing."""
    try:
        found = json.loads(diary.read_text(encoding="utf-8"))
        return {str(name): datetime.fromisoformat(at) for name, at in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


@contextmanager
def _at_work(lock: Path) -> Iterator[bool]:
    """Whether this process is the one that works, for as long as the block lasts."""
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
