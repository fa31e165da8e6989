"""Alive: this process answers. Ready: it can do its work, since index and database are there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from flask import Response, jsonify

from kbportal.kernel.errors import PortalError
from kbportal.search.query.live import Live
from kbportal.web.portal import portal

_log = logging.getLogger(__name__)
T = TypeVar("T")


def alive() -> Response:
    """Always well, without asking anybody."""
    return _answer({"status": "ok"}, 200)


def ready() -> Response:
    """Which generation is served; 503 with what is missing where something is."""
    problems: dict[str, str] = {}
    live = _try(_index, "index", problems)
    _try(portal().check_database, "database", problems)
    if live is None or problems:
        return _answer({"status": "not_ready", "problems": problems}, 503)
    return _answer(
        {"status": "ready", "generation": live.id, "degraded": live.degraded or None}, 200
    )


def _index() -> Live:
    live = portal().live.current()
    live.shelf.languages()
    return live


def _try(act: Callable[[], T], name: str, problems: dict[str, str]) -> T | None:
    try:
        return act()
    except PortalError as error:
        problems[name] = error.code
    except Exception:  # noqa: BLE001  whatever is wrong means not ready
        problems[name] = "failed"
        _log.exception("not ready: %s", name)
    return None


def _answer(body: dict[str, object], status: int) -> Response:
    response = jsonify(body)
    response.status_code = status
    response.cache_control.no_store = True
    if status == 503:
        response.headers["Retry-After"] = "10"
    return response
