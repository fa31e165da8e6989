from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from kbportal.events import recorder as module
from kbportal.events.catalog import Event
from kbportal.events.recorder import Recorder
from kbportal.kernel.errors import PortalError
from tests.builders import an_event


class Log:
    """A log in memory that can be shut and opened."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.open = threading.Event()
        self.open.set()
        self.error: Exception | None = None

    def append(self, batch: Sequence[Event]) -> None:
        self.open.wait(5)
        if self.error:
            raise self.error
        self.events.extend(batch)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def recorder(log: Log) -> Iterator[Recorder]:
    made = Recorder(log, capacity=100)  # type: ignore[arg-type]
    yield made
    log.error = None
    log.open.set()
    made.close()


def test_what_is_recorded_is_written_in_order(recorder: Recorder, log: Log) -> None:
    events = [an_event("search") for _ in range(50)]

    for event in events:
        recorder.record(event)

    assert recorder.flush()
    assert log.events == events


def test_no_thread_runs_before_the_first_event(recorder: Recorder) -> None:
    assert recorder._thread is None


def test_a_full_queue_drops_and_counts_without_waiting(recorder: Recorder, log: Log) -> None:
    log.open.clear()

    started = time.perf_counter()
    for _ in range(700):
        recorder.record(an_event("search"))

    assert time.perf_counter() - started < 0.5
    assert recorder.dropped > 0
    log.open.set()
    assert recorder.flush()
    assert len(log.events) + recorder.dropped == 700


def test_an_invalid_event_is_counted_and_does_not_raise(recorder: Recorder) -> None:
    recorder.record(replace(an_event("search"), query_norm=None))

    assert recorder.dropped == 1


def test_a_batch_waits_until_the_store_is_back(
    recorder: Recorder, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_RETRY_S", 0.01)
    log.error = PortalError("locked")
    recorder.record(an_event("search"))
    time.sleep(0.2)

    log.error = None

    assert recorder.flush()
    assert (len(log.events), recorder.dropped) == (1, 0)


def test_a_store_that_breaks_loses_its_batch_but_not_the_writer(
    recorder: Recorder, log: Log
) -> None:
    log.error = ZeroDivisionError()
    recorder.record(an_event("search"))
    recorder.flush()
    log.error = None
    recorder.record(an_event("search"))

    assert recorder.flush()
    assert (len(log.events), recorder.dropped) == (1, 1)


def test_closing_writes_what_is_there(recorder: Recorder, log: Log) -> None:
    recorder.record(an_event("search"))

    assert recorder.close()
    assert len(log.events) == 1


def test_a_forked_worker_records_by_itself(recorder: Recorder, log: Log) -> None:
    recorder.record(an_event("search"))
    recorder.flush()
    child = os.fork()
    if child == 0:
        recorder.record(an_event("search"))
        recorder.flush()
        os._exit(len(log.events))

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2


def test_five_hundred_events_a_second_are_all_kept(recorder: Recorder, log: Log) -> None:
    for _ in range(50):
        for _ in range(10):
            recorder.record(an_event("search"))
        time.sleep(0.02)

    assert recorder.flush()
    assert (len(log.events), recorder.dropped) == (500, 0)
