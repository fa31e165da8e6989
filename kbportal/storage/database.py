"""One database as the stores see it: read, or write in one durable transaction.

SQLite: write-ahead log, foreign keys, writers queue for up to five seconds and take their lock
when they begin, so that none fails half-way. Connections are never carried across a fork.
"""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url

from kbportal.storage.errors import StorageUnavailable

BUSY_S = 5.0
_WRITES = "kbportal_writes"

_REASONS = (
    ("locked", ("locked", "busy", "deadlock", "timeout", "queuepool limit")),
    ("full", ("full", "no space")),
    ("read_only", ("readonly", "read-only")),
    ("corrupt", ("malformed", "not a database", "corrupt")),
)


class Database:
    """A database by its SQLAlchemy address; connects when first asked.

    durable: commits survive a power cut (``synchronous=FULL``). Without it, on SQLite, they
    survive the end of the process only, which suffices for the event log.
    """

    def __init__(self, url: str, *, durable: bool = True, busy_s: float = BUSY_S) -> None:
        self.url = url
        self._engine = _make_engine(url, durable=durable, busy_s=busy_s)
        _drop_connections_in_children(self._engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection with one consistent view. Raises StorageUnavailable."""
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, committed at the end or not at all. Raises StorageUnavailable."""
        with _translated(), self._engine.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Close idle connections."""
        self._engine.dispose()


def prepare_file(url: str) -> None:
    """Make the folder and an empty file for an SQLite database, readable by the owner only."""
    path = sqlite_path(url)
    if path is None or path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StorageUnavailable(
            f"the database {path} cannot be made: {error}", reason=reason_of(str(error))
        ) from error


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite address; None for other databases."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def reason_of(message: str) -> str:
    """Which of the reasons of StorageUnavailable a driver's message tells of."""
    lower = message.lower()
    for reason, marks in _REASONS:
        if any(mark in lower for mark in marks):
            return reason
    return "unreachable"


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
        raise _unavailable(error) from error
    except exc.DatabaseError as error:
        if reason_of(str(error.orig)) != "corrupt":
            raise
        raise _unavailable(error) from error


def _unavailable(error: exc.SQLAlchemyError) -> StorageUnavailable:
    said = str(getattr(error, "orig", None) or error)
    return StorageUnavailable(f"the database cannot be used now: {said}", reason=reason_of(said))


def _make_engine(url: str, *, durable: bool, busy_s: float) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_timeout=busy_s)
    engine = create_engine(
        url,
        pool_size=16,
        max_overflow=16,
        pool_timeout=busy_s,
        connect_args={"timeout": busy_s, "check_same_thread": False},
    )

    def connected(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself: `begun` does, in the right mode.
        connection.isolation_level = None
        cursor = connection.cursor()
        _use_wal(cursor)
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        cursor.close()

    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def _use_wal(cursor: Any, *, tries: int = 50) -> None:
    """Switch to the write-ahead log, once per file; SQLite itself does not wait for others here."""
    for left in range(tries, 0, -1):
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except Exception as error:
            if left == 1 or reason_of(str(error)) != "locked":
                raise
            time.sleep(0.1)


def _drop_connections_in_children(engine: Engine) -> None:
    known = weakref.ref(engine)

    def after_fork() -> None:
        if (mine := known()) is not None:
            mine.dispose(close=False)

    os.register_at_fork(after_in_child=after_fork)
