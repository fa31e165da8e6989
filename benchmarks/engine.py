"""Suggestions inside one process: what the server itself needs for an answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.timing import timed
from kbportal.search.query.engine import Engine, Mode
from kbportal.search.query.live import LiveIndex

WARM_UP = 30


def measure(indexes: Path, asked: Sequence[str], lang: str) -> dict[str, Any]:
    """Hybrid and keyword suggestions; no text is asked twice, so that no cache helps."""
    before = time.perf_counter()
    engine = LiveIndex(indexes).current().engine
    opened = time.perf_counter() - before
    figures: dict[str, Any] = {"opened_s": round(opened, 3)}
    for mode in (Mode.HYBRID, Mode.KEYWORD):
        for text in asked[:WARM_UP]:
            engine.suggest(f"{text} warm", lang=lang, mode=mode)
        figures[mode.value] = timed(partial(engine.suggest, lang=lang, mode=mode), asked)
    figures["answered"] = _answered(engine, asked, lang)
    return figures


def _answered(engine: Engine, asked: Sequence[str], lang: str) -> float:
    """Share of the texts that something was suggested for: these cost more than silence."""
    shown = sum(bool(engine.suggest(text, lang=lang).hits) for text in asked)
    return round(shown / max(len(asked), 1), 3)
