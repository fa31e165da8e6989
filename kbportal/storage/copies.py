"""Copies of an SQLite database: taken while others write, and looked at before they are used."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from kbportal.backup.errors import BackupImpossible, BackupUnusable
from kbportal.backup.writing import Copied
from kbportal.storage.database import reason_of, sqlite_path
from kbportal.storage.errors import StorageUnavailable

_WAIT_S = 30.0


def database_file(url: str) -> Path:
    """The file of a database; raises BackupImpossible where it is not one of SQLite's."""
    path = sqlite_path(url)
    if path is None:
        raise BackupImpossible(
            "only an SQLite database can be copied; use the tools of yours, such as pg_dump, and "
            "copy the folder of attachments and the secret key after it"
        )
    return path.absolute()


def copy_database(source: Path, target: Path) -> Copied:
    """Write all that is committed now to a new file; nobody who reads or writes has to wait.

    In one step of SQLite's backup, which reads one consistent state of the write-ahead log.

    Raises:
        BackupImpossible: There is no database.
        StorageUnavailable: It cannot be read.
    """
    if not source.exists():
        raise BackupImpossible(f"there is no database at {source}; has the portal been started?")
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with (
            closing(
                sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=_WAIT_S)
            ) as old,
            closing(sqlite3.connect(target, timeout=_WAIT_S)) as new,
        ):
            old.backup(new)
            # One file, not three: whoever opens it for serving turns the log on again.
            new.execute("PRAGMA journal_mode = DELETE")
            return _facts(new)
    except sqlite3.Error as error:
        raise StorageUnavailable(
            f"the database cannot be copied now: {error}", reason=reason_of(str(error))
        ) from error


def schema_of_copy(path: Path) -> str:
    """The schema of a copy that nobody uses yet, every page of which is looked at.

    Raises:
        BackupUnusable: It is damaged.
    """
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                raise sqlite3.DatabaseError(said)
            return _facts(copy).schema
    except sqlite3.Error as error:
        raise BackupUnusable(
            f"the backup is damaged: its database cannot be used: {error}", problem="damaged"
        ) from error


def _facts(copy: sqlite3.Connection) -> Copied:
    schema = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    (tickets,) = copy.execute("SELECT count(*) FROM tickets").fetchone()
    stored = copy.execute("SELECT stored FROM attachments ORDER BY stored").fetchall()
    return Copied(schema[0] if schema else "", tickets, tuple(name for (name,) in stored))
