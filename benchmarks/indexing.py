"""From Markdown to a live index, seen from outside: how long, and how much memory."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.processes import watching
from benchmarks.server import environment
from kbportal.search.index.generation import POINTER

_LOOK_EVERY_S = 0.05


def build(articles: Path, indexes: Path, scratch: Path, *, vectors: str) -> dict[str, Any]:
    """Build in a process of its own; from nothing, if the folder is empty.

    Args:
        vectors: "real", or "cheap" for those of `benchmarks.cheap_vectors`.
    """
    indexes.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.build", str(articles), str(indexes)]
    command += [str(scratch / "instance"), vectors]
    started = time.perf_counter()
    with _published(indexes, started) as moments:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        with watching(process.pid) as peak:
            said, _ = process.communicate()
    seconds = time.perf_counter() - started
    if process.returncode:
        raise SystemExit("The index could not be built.")
    return {
        "vectors": vectors,
        **json.loads(said.splitlines()[-1]),
        "searchable_after_s": round(moments[0], 1) if moments else None,
        "complete_after_s": round(moments[-1] if moments else seconds, 1),
        "seconds": round(seconds, 1),
        "peak_mb": peak.mb,
    }


def unchanged(articles: Path, indexes: Path, scratch: Path) -> dict[str, Any]:
    """`kbportal index` where there is nothing to do."""
    started = time.perf_counter()
    index_now(articles, indexes, scratch)
    return {"seconds": round(time.perf_counter() - started, 2)}


def index_now(articles: Path, indexes: Path, scratch: Path) -> None:
    """`kbportal index`, as an operator runs it."""
    command = [sys.executable, "-m", "kbportal", "index"]
    command += ["--articles", str(articles), "--indexes", str(indexes)]
    subprocess.run(
        command, env=environment(scratch / "instance"), check=True, stdout=subprocess.DEVNULL
    )


@contextmanager
def _published(indexes: Path, started: float) -> Iterator[list[float]]:
    """The seconds after which another generation went live, while the block runs."""
    moments: list[float] = []
    done = threading.Event()

    def watch() -> None:
        before = _live(indexes)
        while not done.wait(_LOOK_EVERY_S):
            now = _live(indexes)
            if now != before:
                moments.append(time.perf_counter() - started)
                before = now

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield moments
    finally:
        time.sleep(2 * _LOOK_EVERY_S)
        done.set()
        watcher.join()


def _live(indexes: Path) -> str:
    try:
        return (indexes / POINTER).read_text()
    except OSError:
        return ""
