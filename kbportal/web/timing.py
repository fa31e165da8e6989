"""How long an answer takes: from when a worker has the request to when its answer is made."""

from __future__ import annotations

from time import perf_counter

from flask import Flask, g

from kbportal.events.catalog import MAX_TOOK_MS


def install(app: Flask) -> None:
    """Look at the clock before anything else is done for a request."""
    app.before_request(_begin)


def took_ms() -> int:
    """Whole milliseconds since this request came, a minute at most; 0 if nobody looked then."""
    began: float | None = g.get("began")
    return 0 if began is None else min(round((perf_counter() - began) * 1000), MAX_TOOK_MS)


def _begin() -> None:
    g.began = perf_counter()
