"""Pages go out gzipped where the browser takes it, so that no proxy is needed for a quick site."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

WORTH_BYTES = 800
LEVEL = 5
_TEXTUAL = frozenset(
    {"text/html", "application/json", "application/xml", "application/atom+xml", "text/plain"}
)


def install(app: Flask) -> None:
    """Compress whole textual responses that are worth it."""
    app.after_request(_compress)


def takes_gzip() -> bool:
    """Whether the browser that asks can unpack gzip."""
    return request.accept_encodings.quality("gzip") > 0


def _compress(response: Response) -> Response:
    if response.mimetype not in _TEXTUAL:
        return response
    response.vary.add("Accept-Encoding")
    if (
        response.is_streamed
        or response.direct_passthrough
        or response.content_encoding
        or not takes_gzip()
        or (response.content_length or 0) < WORTH_BYTES
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.content_encoding = "gzip"
    return response
