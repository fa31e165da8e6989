"""Clients that ask the portal for suggestions, each over one kept connection."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks.timing import summary

HEADERS = {"User-Agent": "Mozilla/5.0 (bench)", "Accept": "application/json"}
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer: to what it was, how long it took, and what came."""

    path: str
    took_ms: float
    status: int
    suggestions: int


@dataclass(slots=True)
class Load:
    """All answers of a run; a connection that broke counts as status 0."""

    seconds: float = 0.0
    answers: list[Asked] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        statuses = Counter(one.status for one in self.answers)
        good = [one for one in self.answers if one.status == 200]
        shown = sum(one.suggestions > 0 for one in good)
        return {
            "per_second": round(len(good) / max(self.seconds, 1e-9), 1),
            **summary(one.took_ms for one in good),
            "answered": round(shown / max(len(good), 1), 3),
            "errors": len(self.answers) - len(good),
            "statuses": {str(status): count for status, count in sorted(statuses.items())},
        }


def suggest_path(text: str, lang: str) -> str:
    return f"/api/v1/suggest?{urlencode({'q': text, 'lang': lang})}"


def run(
    port: int,
    asked: Sequence[str],
    lang: str,
    *,
    clients: int,
    pause_s: float = 0.0,
    go_on: Callable[[], bool],
) -> Load:
    """Ask these texts, over and over, for as long as `go_on` says so.

    Args:
        clients: How many ask at a time; client i begins with its own part of the texts.
        pause_s: Between two questions of one client; 0 for clients that never pause.
    """
    paths = [suggest_path(text, lang) for text in asked]
    return fetch(port, paths, clients=clients, pause_s=pause_s, go_on=go_on)


def fetch(
    port: int,
    paths: Sequence[str],
    *,
    clients: int,
    pause_s: float = 0.0,
    go_on: Callable[[], bool],
) -> Load:
    """Fetch these addresses as `run` does."""
    load = Load()
    started = time.perf_counter()

    def client(number: int) -> None:
        connection = _connection(port)
        at = number * len(paths) // clients
        while go_on():
            one = _ask(connection, paths[at % len(paths)])
            load.answers.append(one)
            if not one.status:
                connection = _connection(port)
            at += 1
            if pause_s:
                time.sleep(pause_s)
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - started
    return load


def for_seconds(seconds: float) -> Callable[[], bool]:
    """True for so long from now."""
    until = time.perf_counter() + seconds
    return lambda: time.perf_counter() < until


def get_json(port: int, path: str) -> tuple[int, Any]:
    """Status and body of one request of its own; (0, None) where nobody answers."""
    connection = _connection(port)
    try:
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        return 0, None
    finally:
        connection.close()


def get_text(port: int, path: str) -> str:
    """The body of one request of its own; empty where nobody answers."""
    connection = _connection(port)
    try:
        connection.request("GET", path, headers=HEADERS)
        return connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException, ValueError):
        return ""
    finally:
        connection.close()


def _connection(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)


def _ask(connection: http.client.HTTPConnection, path: str) -> Asked:
    before = time.perf_counter()
    try:
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return Asked(path, (time.perf_counter() - before) * 1000, 0, 0)
    took = (time.perf_counter() - before) * 1000
    # Counted instead of parsed, so that the clients leave the processor to the server.
    shown = body.count(b'"slug"') if answer.status == 200 else 0
    return Asked(path, took, answer.status, shown)
