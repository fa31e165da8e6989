"""From Markdown to a live index, in a process of its own so that its memory can be told."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def measure(articles: Path, indexes: Path, scratch: Path) -> dict[str, Any]:
    """Build once (from nothing, if the folder is empty), then again with nothing changed."""
    first, seconds = _build(articles, indexes, scratch)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    _, again = _build(articles, indexes, scratch)
    return {
        "articles": first["articles"],
        "passages": first["passages"],
        "embedded": first["embedded"],
        "problems": len(first["problems"]),
        "seconds": round(seconds, 1),
        "seconds_unchanged": round(again, 2),
        "peak_rss_mb": peak,
    }


def _build(articles: Path, indexes: Path, scratch: Path) -> tuple[dict[str, Any], float]:
    command = [sys.executable, "-m", "kbportal", "index", "--json"]
    command += ["--articles", str(articles), "--indexes", str(indexes)]
    environment = {**os.environ, "KBPORTAL_INSTANCE": str(scratch / "instance")}
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout), time.perf_counter() - started
