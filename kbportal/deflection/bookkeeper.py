"""The thread that keeps the numbers in order while the server runs.

Every worker process has one, and one of them works at a time. When each job was done last stands
in a file beside the lock, so that it is done as seldom as it should be however many processes
there are and however often they start.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kbportal.deflection.ledger.ledger import Ledger
from kbportal.deflection.period import days
from kbportal.kernel.clock import Clock
from kbportal.kernel.private_files import write_private
from kbportal.kernel.turns import Rounds, turn

LOOKS_EVERY_S = 5.0
FIRST_LOOK_S = 2.0
"""A server that has just started has customers to answer first."""

GoOn = Callable[[], bool]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done every so often; run: gets the time, and whether there is time left."""

    name: str
    every: timedelta
    run: Callable[[datetime, GoOn], object]


def roll_ups(ledger: Ledger, *, back: timedelta) -> Job:
    """Counting the days that are out of date, at most once a minute.

    Args:
        back: For how long events are kept: somebody may be forgotten who came at any time of it.
    """

    def run(now: datetime, go_on: GoOn) -> int:
        today = now.astimezone(UTC).date()
        period = days(today - back, today)
        return ledger.refresh_by_the_way(period, now=now, go_on=go_on)

    return Job("roll-ups", timedelta(minutes=1), run)


class Bookkeeper:
    """Does the jobs that are due, again and again, until stopped."""

    def __init__(self, jobs: Sequence[Job], *, lock: Path, clock: Clock) -> None:
        self._jobs, self._lock, self._clock = tuple(jobs), lock, clock
        self._diary = lock.with_suffix(".json")
        self._rounds = Rounds("bookkeeper", self.round, every_s=LOOKS_EVERY_S, first_s=FIRST_LOOK_S)

    def start(self) -> None:
        """Begin; once per process, after it was forked."""
        self._rounds.start()

    def stop(self, timeout: float = 8.0) -> None:
        """Finish the day in hand, if that does not last too long, and end."""
        self._rounds.stop(timeout)

    def round(self) -> tuple[str, ...]:
        """Do what is due, unless another process is at it; the names of what was done.

        A job that fails is tried again when it is due again, and stops no other.
        """
        done: list[str] = []
        with turn(self._lock) as mine:
            for job in self._jobs if mine else ():
                now = self._clock()
                if self._rounds.go_on() and self._begins(job, now):
                    done += [job.name] if self._does(job, now) else []
        return tuple(done)

    def _does(self, job: Job, now: datetime) -> bool:
        try:
            job.run(now, self._rounds.go_on)
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


def _read(diary: Path) -> dict[str, datetime]:
    """When each job was begun last; a diary that cannot be read says nothing."""
    try:
        found = json.loads(diary.read_text(encoding="utf-8"))
        return {str(name): datetime.fromisoformat(at) for name, at in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
