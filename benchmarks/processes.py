"""What processes hold in memory, told by the kernel from outside (Linux)."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_EVERY_S = 0.25
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Peak:
    """The most that a process and all below it held at once, shared pages counted once, in MB."""

    mb: int = 0


def children_of(pid: int) -> list[int]:
    """Process ids of the direct children; none when the process is gone.

    The kernel lists them by the thread that started them.
    """
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, thread.read_text().split())
    return found


def tree_of(pid: int) -> list[int]:
    """A process and all below it."""
    return [pid, *(below for child in children_of(pid) for below in tree_of(child))]


def memory_mb(pid: int) -> dict[str, int]:
    """Resident, proportional (shared pages count by share) and private memory."""
    figures = {"Rss": 0, "Pss": 0, "Private_Clean": 0, "Private_Dirty": 0}
    for line in _lines(pid, "smaps_rollup"):
        name, _, rest = line.partition(":")
        if name in figures:
            figures[name] = int(rest.split()[0])
    return {
        "resident_mb": figures["Rss"] // 1024,
        "proportional_mb": figures["Pss"] // 1024,
        "private_mb": (figures["Private_Clean"] + figures["Private_Dirty"]) // 1024,
    }


def mapped_mb(pid: int, below: Path) -> dict[str, float]:
    """Resident and proportional memory of files below a folder that a process has mapped."""
    totals, inside = {"Rss": 0, "Pss": 0}, False
    for line in _lines(pid, "smaps"):
        name, _, rest = line.partition(":")
        if name in totals and inside:
            totals[name] += int(rest.split()[0])
        elif "-" in name.split(" ")[0] and not rest.endswith(" kB"):
            inside = str(below.resolve()) in line
    return {
        "index_resident_mb": round(totals["Rss"] / 1024, 1),
        "index_proportional_mb": round(totals["Pss"] / 1024, 1),
    }


def has_mapped(pid: int, library: str) -> bool:
    """Whether a process has loaded a compiled library whose path contains this."""
    return any(library in line for line in _lines(pid, "maps"))


@contextmanager
def watching(pid: int) -> Iterator[Peak]:
    """Watches a process and all below it for as long as the block runs."""
    peak, done = Peak(), threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY_S):
            found = sum(memory_mb(one)["proportional_mb"] for one in tree_of(pid))
            peak.mb = max(peak.mb, found)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def processor_s(pid: int) -> float:
    """Seconds of processor time that a process has used, in user and in kernel mode."""
    lines = _lines(pid, "stat")
    if not lines:
        return 0.0
    fields = lines[0].rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _lines(pid: int, name: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(errors="replace").splitlines()
    except OSError:
        return []
