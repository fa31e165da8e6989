from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from kbportal.kernel.turns import Rounds, turn

HOLD = """
import sys
from pathlib import Path
from kbportal.kernel.turns import turn
with turn(Path(sys.argv[1])) as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""


def test_another_process_waits_for_its_turn_until_the_first_one_dies(tmp_path: Path) -> None:
    lock = tmp_path / "folder" / "work.lock"
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        with turn(lock) as mine:
            assert not mine
        with turn(lock, wait_s=0.05) as mine:
            assert not mine
        other.kill()
        other.wait()

    with turn(lock, wait_s=None) as mine:
        assert mine


def test_nobody_else_may_read_the_lock(tmp_path: Path) -> None:
    with turn(tmp_path / "work.lock"):
        assert (tmp_path / "work.lock").stat().st_mode & 0o077 == 0


def test_a_round_that_fails_does_not_end_the_rounds(caplog) -> None:
    done, enough = [], threading.Event()

    def one() -> None:
        done.append(len(done))
        if len(done) == 3:
            enough.set()
        raise OSError("disk full")

    rounds = Rounds("baker", one, every_s=0.001)
    rounds.start()
    assert enough.wait(10)
    rounds.stop()

    assert not rounds.go_on()
    assert "the baker stumbled" in caplog.text


def test_who_is_stopped_makes_no_further_round() -> None:
    done: list[int] = []
    begun = threading.Event()
    rounds = Rounds("baker", lambda: (done.append(1), begun.set()), every_s=3600)
    rounds.start()
    assert begun.wait(10)
    rounds.stop()

    assert done == [1]


def test_who_is_stopped_before_the_first_round_makes_none() -> None:
    done: list[int] = []
    rounds = Rounds("baker", lambda: done.append(1), every_s=0, first_s=3600)
    rounds.start()
    rounds.stop()

    assert done == []
