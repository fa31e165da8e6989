"""How long the server takes until the first byte of a page, without any browser or delay."""

from __future__ import annotations

import http.client
import statistics
import time
from urllib.parse import urlsplit

REQUESTS = 20
_PATIENCE_S = 30.0


def first_bytes(url: str, *, requests: int = REQUESTS) -> float:
    """Median milliseconds over one kept connection; a warm server is asked."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=_PATIENCE_S)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    times = [_first_byte_ms(connection, path) for _ in range(requests)]
    connection.close()
    return round(statistics.median(times), 1)


def _first_byte_ms(connection: http.client.HTTPConnection, path: str) -> float:
    before = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    took = (time.perf_counter() - before) * 1000
    response.read()
    return took
