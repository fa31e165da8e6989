from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from kbportal.deflection.bookkeeper import Bookkeeper, GoOn, Job, roll_ups
from kbportal.deflection.ledger.ledger import Ledger
from kbportal.deflection.model import Windows
from tests.builders import NOON, an_event


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hire(clock: Clock, tmp_path: Path) -> Callable[..., Bookkeeper]:
    return lambda *jobs: Bookkeeper(jobs, lock=tmp_path / "bookkeeper.lock", clock=clock)


def a_job(name: str, done: list[str], *, minutes: int = 1) -> Job:
    def run(now: datetime, go_on: GoOn) -> None:
        assert go_on()
        done.append(name)

    return Job(name, timedelta(minutes=minutes), run)


def test_each_job_is_done_as_often_as_it_is_due(hire, clock) -> None:
    done: list[str] = []
    keeper = hire(a_job("often", done), a_job("seldom", done, minutes=60))
    for _ in range(3):
        keeper.round()
        clock.now += timedelta(seconds=40)

    assert done == ["often", "seldom", "often"]


def test_another_process_does_not_do_it_again(hire) -> None:
    done: list[str] = []
    hire(a_job("sweep", done)).round()
    hire(a_job("sweep", done)).round()

    assert done == ["sweep"]


def test_days_are_counted_as_far_back_as_events_are_kept(stores, hire, tmp_path) -> None:
    long_ago = an_event("form_started", after=timedelta(days=-900))
    stores.events.append([long_ago])
    ledger = Ledger(
        stores.facts, stores.events, windows=Windows(), staff=frozenset,
        lock=tmp_path / "rollup.lock",
    )  # fmt: skip

    hire(roll_ups(ledger, back=timedelta(days=1_000))).round()

    assert list(stores.facts.marks(long_ago.ts.date(), NOON.date())) == [long_ago.ts.date()]


def test_one_works_at_a_time(hire, tmp_path) -> None:
    done: list[str] = []
    with FileLock(tmp_path / "bookkeeper.lock"):
        assert hire(a_job("sweep", done)).round() == ()

    assert done == []


def test_a_job_that_fails_stops_no_other(hire) -> None:
    done: list[str] = []

    def fails(now: datetime, go_on: GoOn) -> None:
        raise OSError("disk full")

    keeper = hire(Job("fails", timedelta(minutes=1), fails), a_job("works", done))

    assert keeper.round() == ("works",)


@pytest.mark.parametrize("diary", ["", "[]", '{"sweep": 3}', '{"sweep": "2999-01-01T00:00+00:00"}'])
def test_a_spoilt_diary_puts_nothing_off(hire, tmp_path, diary) -> None:
    done: list[str] = []
    (tmp_path / "bookkeeper.json").write_text(diary)

    hire(a_job("sweep", done)).round()

    assert done == ["sweep"]


def test_it_works_in_the_background_and_stops_when_told(hire, monkeypatch) -> None:
    monkeypatch.setattr("kbportal.deflection.bookkeeper.FIRST_LOOK_S", 0.0)
    done: list[str] = []
    keeper = hire(a_job("sweep", done))
    keeper.start()
    while not done:
        pass
    keeper.stop()

    assert done == ["sweep"]
