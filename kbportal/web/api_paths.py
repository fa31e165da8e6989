"""Which addresses belong to programs: they are answered in JSON, whatever happens."""

from __future__ import annotations

from flask import request

ROOT = "/api"


def is_for_programs() -> bool:
    """Whether the current request is for the API, be it for an address that it has or not."""
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")
