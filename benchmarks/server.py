"""The portal's own production server in a process of its own, for as long as a block runs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import get_json
from benchmarks.processes import children_of

_PATIENCE_S = 600.0
_GRACE_S = 30


@dataclass(frozen=True, slots=True)
class Server:
    """A running portal.

    Attributes:
        ready_s: From the command until it answered, the check of every article included.
    """

    port: int
    pid: int
    ready_s: float

    @property
    def workers(self) -> list[int]:
        return children_of(self.pid)


def environment(instance: Path) -> Mapping[str, str]:
    """Of a portal with an instance folder of its own and no limit per client."""
    settings = {"KBPORTAL_INSTANCE": str(instance), "KBPORTAL_RATE_LIMITS": "off",
                "KBPORTAL_HOLDOUT_PERCENT": "0"}  # fmt: skip
    return {**os.environ, **settings}


@contextmanager
def serving(articles: Path, indexes: Path, instance: Path, *, workers: int = 2) -> Iterator[Server]:
    """`kbportal serve` on a free port, stopped at the end."""
    port = _free_port()
    command = [sys.executable, "-m", "kbportal", "serve", "--port", str(port)]
    command += ["--workers", str(workers), "--articles", str(articles), "--indexes", str(indexes)]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment(instance), stdout=subprocess.DEVNULL)
    try:
        _wait_until_ready(port, process)
        yield Server(port, process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=_GRACE_S)


def seconds_until_ready(port: int) -> float:
    """How long until /readyz says so; 0.01 s at least."""
    started = time.perf_counter()
    while time.perf_counter() < started + _PATIENCE_S:
        time.sleep(0.01)
        if get_json(port, "/readyz")[0] == 200:
            return time.perf_counter() - started
    raise SystemExit("The portal did not become ready.")


def _wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.perf_counter() + _PATIENCE_S
    while process.poll() is None and time.perf_counter() < end:
        if get_json(port, "/readyz")[0] == 200:
            return
        time.sleep(0.05)
    raise SystemExit("The portal did not become ready.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
