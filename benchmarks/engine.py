"""Suggestions inside one process: what the server itself needs for an answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.timing import summary
from kbportal.search.engine import Mode
from kbportal.search.live import LiveIndex


def measure(indexes: Path, typed: Sequence[str], lang: str) -> dict[str, Any]:
    """Hybrid and keyword suggestions; texts are sent once each, so that no cache helps."""
    started = time.perf_counter()
    engine = LiveIndex(indexes).current().engine
    engine.suggest("warming up the encoder", lang=lang)
    figures: dict[str, Any] = {
        "texts": len(typed),
        "ready_s": round(time.perf_counter() - started, 2),
    }
    for mode in (Mode.HYBRID, Mode.KEYWORD):
        times, shown = [], 0
        for text in typed:
            before = time.perf_counter()
            shown += bool(engine.suggest(text, lang=lang, mode=mode).hits)
            times.append((time.perf_counter() - before) * 1000)
        figures |= summary(times, f"{mode.value}_")
        figures[f"{mode.value}_answered"] = round(shown / len(typed), 3)
    return figures
