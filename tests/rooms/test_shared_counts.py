"""Rate limits count for all workers together, and never stand in anybody's way."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kbportal.web.shared_counts import SharedCounts
from kbportal.wiring import Portal
from tests.cast import an_app


def counts(folder: Path) -> SharedCounts:
    return SharedCounts(f"kbcounts:{folder / 'limits.counts'}")


def test_two_workers_count_as_one(tmp_path: Path):
    one, other = counts(tmp_path), counts(tmp_path)

    seen = [one.incr("a", 60), other.incr("a", 60), one.incr("a", 60, 3), other.get("a")]

    assert seen == [1, 2, 5, 5]
    assert other.get("b") == 0
    assert one.get_expiry("a") == other.get_expiry("a") > time.time() + 50


COUNTING = """
import sys
from kbportal.web.shared_counts import SharedCounts
counts = SharedCounts("kbcounts:" + sys.argv[1])
for at in range(2000):
    counts.incr("everybody", 600)
    counts.incr(f"address {at % 50}", 600)
"""


def test_no_count_is_lost_between_processes(tmp_path: Path):
    path = tmp_path / "limits.counts"
    workers = [subprocess.Popen([sys.executable, "-c", COUNTING, str(path)]) for _ in range(3)]

    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    # Waiting ends after two milliseconds, so a few may be lost on a machine that is very busy.
    assert 5_900 <= counts(tmp_path).get("everybody") <= 6_000
    assert 110 <= counts(tmp_path).get("address 7") <= 120


def test_a_window_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one = counts(tmp_path)
    one.incr("a", 60)
    one.incr("a", 60)
    later = time.time() + 61
    monkeypatch.setattr("kbportal.web.shared_counts.time.time", lambda: later)

    assert (one.get("a"), one.incr("a", 60)) == (0, 1)


def test_a_clock_that_is_set_back_locks_nobody_out(tmp_path: Path, monkeypatch):
    one = counts(tmp_path)
    one.incr("a", 60, 1000)
    earlier = time.time() - 24 * 3600
    monkeypatch.setattr("kbportal.web.shared_counts.time.time", lambda: earlier)

    assert one.incr("a", 60) == 1


def test_a_hundred_thousand_addresses_do_not_fill_it(tmp_path: Path):
    one = counts(tmp_path)

    for at in range(100_000):
        one.incr(f"address {at}", 60 + at % 7)
    size = (tmp_path / "limits.counts").stat().st_size

    assert one.incr("somebody new", 600) == 1
    assert one.incr("somebody new", 600) == 2
    assert size < 1_000_000


def test_a_worker_that_was_stopped_with_the_lock_holds_nobody_up(tmp_path: Path):
    one = counts(tmp_path)
    one.incr("a", 60)
    with (tmp_path / "limits.counts").open("r+b") as stopped:
        fcntl.flock(stopped, fcntl.LOCK_EX)

        assert one.incr("a", 60) == 2


@pytest.mark.parametrize("damage", [b"", b"x", os.urandom(500)])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes):
    (tmp_path / "limits.counts").write_bytes(damage)

    one = counts(tmp_path)

    assert [one.incr("a", 60), one.incr("a", 60)] == [1, 2]


def test_a_file_that_is_cut_while_it_is_used_costs_the_count_alone(tmp_path: Path):
    one = counts(tmp_path)
    one.incr("a", 60)
    os.truncate(tmp_path / "limits.counts", 10)

    assert one.incr("a", 60) == 1
    assert one.incr("a", 60) == 2
    assert one.get("a") == 2


def test_without_a_folder_to_write_in_a_worker_counts_by_itself(tmp_path: Path):
    one = SharedCounts(f"kbcounts:{tmp_path / 'nowhere' / 'counts'}")

    assert [one.incr("a", 60), one.incr("a", 60), one.get("a")] == [1, 2, 2]
    assert not one.check()


def test_the_file_names_nobody(tmp_path: Path):
    counts(tmp_path).incr("LIMITER/203.0.113.7/api.suggest/140/1/minute", 60)

    path = tmp_path / "limits.counts"
    assert b"203.0.113" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_forgetting(tmp_path: Path):
    one = counts(tmp_path)
    one.incr("a", 60)
    one.incr("b", 60)
    one.clear("a")
    assert (one.get("a"), one.get("b")) == (0, 1)
    one.reset()
    assert one.get("b") == 0


def test_two_workers_of_a_portal_share_one_allowance(portal: Portal):
    path = "/api/v1/search?q=password&lang=en"
    first = an_app(portal, RATELIMIT_ENABLED=True).test_client()
    answers = [first.get(path).status_code for _ in range(40)]
    second = an_app(portal, RATELIMIT_ENABLED=True).test_client()

    answers += [second.get(path).status_code for _ in range(21)]

    assert answers == [200] * 60 + [429]
