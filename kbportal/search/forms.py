"""The table of known word forms of one language, on disk: no dictionary in a web worker.

A read-only SQLite file costs no memory of its own and its pages are shared by all workers.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path

_REMEMBERED = 20_000


class Forms:
    """Folded form → term; `get` is what an `Analyser` looks words up with. Any thread may ask."""

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._threads = threading.local()
        self.get = lru_cache(_REMEMBERED)(self._find)
        self._find("")

    def _find(self, form: str) -> str | None:
        connection = getattr(self._threads, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._uri, uri=True, check_same_thread=False)
            self._threads.connection = connection
        # A lone surrogate cannot be asked for; no form contains one.
        if not form.isascii():
            form = form.encode("utf-8", "ignore").decode()
        row = connection.execute("SELECT term FROM forms WHERE form = ?", (form,)).fetchone()
        return str(row[0]) if row else None


def write_forms(path: Path, forms: Mapping[str, str]) -> None:
    """Write the table in one go."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = OFF")
        file.execute("PRAGMA synchronous = OFF")
        file.execute("CREATE TABLE forms (form TEXT PRIMARY KEY, term TEXT) WITHOUT ROWID")
        file.execute("BEGIN")
        file.executemany("INSERT INTO forms VALUES (?, ?)", sorted(forms.items()))
        file.execute("COMMIT")
