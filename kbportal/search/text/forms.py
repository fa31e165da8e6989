"""The table of known word forms of one language, on disk: no dictionary in a web worker.

A read-only SQLite file costs no memory of its own and its pages are shared by all workers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from kbportal.articles.shelf_file import ReadOnlyFile, ShelfUnusable

_REMEMBERED = 20_000
_QUERY = "SELECT term FROM forms WHERE form = ?"


class Forms:
    """Folded form → term; `get` is what an `Analyser` looks words up with. Any thread may ask.

    Raises:
        ShelfUnusable: At once, if the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._file = ReadOnlyFile(path)
        self.get = lru_cache(_REMEMBERED)(self._find)
        try:
            self._find("")
        except sqlite3.Error as error:
            raise ShelfUnusable(f"cannot read {path}: {error}", path=str(path)) from error

    def _find(self, form: str) -> str | None:
        # A lone surrogate cannot be asked for; no form contains one.
        asked = form if form.isascii() else form.encode("utf-8", "ignore").decode()
        rows = self._file.rows(_QUERY, asked)
        return str(rows[0][0]) if rows else None


def write_forms(path: Path, forms: Mapping[str, str]) -> None:
    """Write the table in one go."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = OFF")
        file.execute("PRAGMA synchronous = OFF")
        file.execute("CREATE TABLE forms (form TEXT PRIMARY KEY, term TEXT) WITHOUT ROWID")
        file.execute("BEGIN")
        file.executemany("INSERT INTO forms VALUES (?, ?)", sorted(forms.items()))
        file.execute("COMMIT")
