"""What is deleted shall be gone from the disk, too, as far as the database can see to it."""

from __future__ import annotations

from sqlalchemy import Connection

from kbportal.storage.database import Database, sqlite_path
from kbportal.storage.errors import StorageUnavailable


def overwrite_deleted(connection: Connection) -> None:
    """Have SQLite write zeros over what this connection deletes from now on."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def empty_log(database: Database) -> None:
    """Move SQLite's write-ahead log, which holds pages as they were, into the database.

    While somebody reads it stays; it is emptied in time by itself.
    """
    if sqlite_path(database.url) is None:
        return
    try:
        with database.reading() as connection:
            # Not within a transaction, which `reading` opens at the first statement.
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except StorageUnavailable:
        return
