"""Suggestions over HTTP from the production server with two workers, and the workers' memory."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.timing import children_of, memory_mb, summary

_CLIENTS = 8
_SECONDS = 10.0
_PATIENCE_S = 120.0


def measure(
    articles: Path, indexes: Path, typed: Sequence[str], lang: str, scratch: Path
) -> dict[str, Any]:
    """Requests per second and latency under eight clients that never pause."""
    with serving(articles, indexes, scratch / "bench-instance") as (port, process, ready_s):
        statuses, times = _load(port, typed, lang)
        workers = [memory_mb(pid) for pid in children_of(process.pid)]
    figures: dict[str, Any] = {"serving_after_s": round(ready_s, 2), "requests": len(times)}
    figures["per_second"] = round(len(times) / _SECONDS)
    figures |= summary(times)
    figures["statuses"] = dict(statuses)
    figures["workers"] = workers
    return figures


@contextmanager
def serving(
    articles: Path, indexes: Path, instance: Path
) -> Iterator[tuple[int, subprocess.Popen[bytes], float]]:
    """The portal on a free port, unlimited per client: port, process, seconds until ready."""
    port = _free_port()
    command = [sys.executable, "-m", "kbportal", "serve", "--port", str(port), "--workers", "2"]
    command += ["--articles", str(articles), "--indexes", str(indexes)]
    environment = {
        **os.environ,
        "KBPORTAL_INSTANCE": str(instance),
        "KBPORTAL_RATE_LIMITS": "off",
    }
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_until_ready(port, process)
        yield port, process, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(timeout=30)


def _load(port: int, typed: Sequence[str], lang: str) -> tuple[Counter[int], list[float]]:
    statuses: Counter[int] = Counter()
    times: list[float] = []
    end = time.perf_counter() + _SECONDS

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        at = number * 37
        while time.perf_counter() < end:
            query = urlencode({"q": typed[at % len(typed)], "lang": lang})
            before = time.perf_counter()
            connection.request("GET", f"/api/v1/suggest?{query}")
            answer = connection.getresponse()
            json.loads(answer.read())
            times.append((time.perf_counter() - before) * 1000)
            statuses[answer.status] += 1
            at += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses, times


def _wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.perf_counter() + _PATIENCE_S
    while time.perf_counter() < end and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("The portal did not become ready.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
