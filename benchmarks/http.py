"""Suggestions over HTTP from the production server, and what its workers cost."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import load
from benchmarks.processes import has_mapped, mapped_mb, memory_mb, processor_s
from benchmarks.server import Server, seconds_until_ready, serving

CLIENTS = (1, 4, 8)
WORKERS = 2
_NOT_FOR_WORKERS = ("torch", "scipy")


def measure(
    articles: Path, indexes: Path, asked: Sequence[str], lang: str, scratch: Path, *, seconds: float
) -> dict[str, Any]:
    """One client, four and eight that never pause, then the workers' memory and restart."""
    figures: dict[str, Any] = {}
    with serving(articles, indexes, scratch / "instance", workers=WORKERS) as server:
        figures["server"] = {"workers": WORKERS, "ready_s": round(server.ready_s, 2)}
        load.run(server.port, asked, lang, clients=4, go_on=load.for_seconds(min(3.0, seconds)))
        for clients in CLIENTS:
            figures[f"{clients} clients"] = _loaded(server, asked, lang, clients, seconds)
        figures["article pages, 8 clients"] = _pages_loaded(server, lang, seconds)
        figures |= {
            f"worker {number}": _memory(pid, indexes)
            for number, pid in enumerate(server.workers, 1)
        }
    with serving(articles, indexes, scratch / "instance", workers=1) as server:
        figures["worker start"] = _restart(server, lang)
    return figures


def _loaded(
    server: Server, asked: Sequence[str], lang: str, clients: int, seconds: float
) -> dict[str, Any]:
    """Figures of a load, and the processor time that the workers spent on each answer."""
    before = sum(map(processor_s, server.workers))
    found = load.run(server.port, asked, lang, clients=clients, go_on=load.for_seconds(seconds))
    spent = sum(map(processor_s, server.workers)) - before
    figures = found.figures()
    return {**figures, "worker_cpu_ms": round(spent * 1000 / max(len(found.answers), 1), 2)}


def _pages_loaded(server: Server, lang: str, seconds: float) -> dict[str, Any]:
    """As `_loaded`, for the pages of articles that the sitemap names, one after the other."""
    text = load.get_text(server.port, "/sitemap.xml")
    paths = re.findall(rf"<loc>[^<]*?(/{lang}/articles/[^<]+)</loc>", text)
    if not paths:
        return {}
    before = sum(map(processor_s, server.workers))
    found = load.fetch(server.port, paths, clients=8, go_on=load.for_seconds(seconds))
    spent = sum(map(processor_s, server.workers)) - before
    figures = found.figures()
    cpu_ms = round(spent * 1000 / max(len(found.answers), 1), 2)
    return {**figures, "pages": len(paths), "worker_cpu_ms": cpu_ms}


def _memory(pid: int, indexes: Path) -> dict[str, Any]:
    """A worker's memory after the load; pages of the index are shared where Pss is below Rss."""
    loaded = [name for name in _NOT_FOR_WORKERS if has_mapped(pid, f"/{name}/")]
    return {**memory_mb(pid), **mapped_mb(pid, indexes), "imports": ", ".join(loaded) or "no torch"}


def _restart(server: Server, lang: str) -> dict[str, float]:
    """How long it takes a worker to be replaced: from the end of one until the next is ready."""
    (worker,) = server.workers
    os.kill(worker, signal.SIGKILL)
    ready = seconds_until_ready(server.port)
    before = time.perf_counter()
    load.get_json(server.port, load.suggest_path("a first question", lang))
    return {"ready_s": round(ready, 2), "first_answer_s": round(time.perf_counter() - before, 3)}
