"""The writer of events: a page hands one over and goes on, whatever state the log is in.

A bounded queue and one daemon thread, which starts with the first event of a process, so that
a server may fork after making the recorder. What does not fit is dropped and counted.
"""

from __future__ import annotations

import atexit
import logging
import os
import queue
import threading
import weakref

from kbportal.events.catalog import Event, check
from kbportal.events.ports import EventStore
from kbportal.kernel.errors import PortalError

BATCH = 500
GATHER_S = 0.05
"""How long the writer waits for more events, so that one commit serves many."""
FIRST_RETRY_S, LONGEST_RETRY_S = 0.2, 5.0

_log = logging.getLogger(__name__)


class Recorder:
    """Takes events from any thread and writes them in batches."""

    def __init__(self, store: EventStore, *, capacity: int = 10_000) -> None:
        self._store = store
        self._capacity = capacity
        self._start_afresh()
        _forget_in_children(self)
        _close_at_exit(self)

    @property
    def dropped(self) -> int:
        """Events lost in this process: queue full, refused by the catalogue or by the store."""
        return self._dropped

    def record(self, event: Event) -> None:
        """Hand one event over. Never waits for the log and never raises."""
        try:
            check(event)
            if self._closing.is_set():
                raise queue.Full
            self._queue.put_nowait(event)
            if self._thread is None:
                self._start_thread()
        except queue.Full:
            self._drop(1, "the queue is full")
        except Exception as error:  # noqa: BLE001  a page must never fail because of its event
            self._drop(1, f"refused: {error!r}")

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until everything handed over so far is written; False when time ran out."""
        waiting = self._queue
        with waiting.all_tasks_done:
            return waiting.all_tasks_done.wait_for(
                lambda: not waiting.unfinished_tasks, timeout=timeout
            )

    def close(self, timeout: float = 2.0) -> bool:
        """Write what is there and stop taking events; False when time ran out."""
        self._closing.set()
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        return not self._queue.unfinished_tasks

    def _start_afresh(self) -> None:
        """Begin with nothing; also in a forked child, whose parent writes what was queued."""
        self._queue: queue.Queue[Event] = queue.Queue(self._capacity)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._counting = threading.Lock()
        self._closing = threading.Event()
        self._dropped = 0

    def _start_thread(self) -> None:
        with self._starting:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="event-recorder", daemon=True)
                thread.start()
                self._thread = thread

    def _run(self) -> None:
        while not (self._closing.is_set() and self._queue.empty()):
            if batch := self._next_batch():
                self._write(batch)
                for _ in batch:
                    self._queue.task_done()

    def _next_batch(self) -> list[Event]:
        try:
            batch = [self._queue.get(timeout=GATHER_S)]
        except queue.Empty:
            return []
        if self._queue.qsize() < BATCH:
            self._closing.wait(GATHER_S)
        while len(batch) < BATCH and not self._queue.empty():
            batch.append(self._queue.get_nowait())
        return batch

    def _write(self, batch: list[Event]) -> None:
        """Write a batch, trying again for as long as the store is merely unavailable."""
        pause = FIRST_RETRY_S
        while True:
            try:
                self._store.append(batch)
                return
            except PortalError as error:
                if self._closing.is_set():
                    self._drop(len(batch), f"closing while {error}")
                    return
                _log.warning("event log unavailable, next try in %.1f s: %s", pause, error)
                self._closing.wait(pause)
                pause = min(2 * pause, LONGEST_RETRY_S)
            except Exception as error:  # noqa: BLE001  the thread must outlive a bad batch
                self._drop(len(batch), f"the store failed: {error!r}")
                return

    def _drop(self, count: int, why: str) -> None:
        with self._counting:
            first = self._dropped == 0
            self._dropped += count
        if first:
            _log.warning("%d events dropped (%s); later ones are only counted", count, why)


def _forget_in_children(recorder: Recorder) -> None:
    known = weakref.ref(recorder)

    def after_fork() -> None:
        if (mine := known()) is not None:
            mine._start_afresh()

    os.register_at_fork(after_in_child=after_fork)


def _close_at_exit(recorder: Recorder) -> None:
    known = weakref.ref(recorder)

    def at_exit() -> None:
        if (mine := known()) is not None:
            mine.close()

    atexit.register(at_exit)
