"""Deleting much without making anybody wait: so many rows at a time, each time committed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Table, delete, func, select

from kbportal.storage.database import Database

PORTION = 5_000
"""Rows per transaction: some ten milliseconds, in which other writers wait."""


def count_rows(database: Database, table: Table, *conditions: Any) -> int:
    """How many rows meet all conditions."""
    with database.reading() as connection:
        query = select(func.count()).select_from(table).where(*conditions)
        return int(connection.execute(query).scalar_one())


def delete_rows(database: Database, key: Column[Any], *conditions: Any) -> int:
    """Delete the rows that meet all conditions; how many they were. `key` tells rows apart."""
    deleted = 0
    while True:
        some = select(key).where(*conditions).limit(PORTION)
        with database.writing() as connection:
            gone = connection.execute(delete(key.table).where(key.in_(some))).rowcount
        deleted += gone
        if gone < PORTION:
            return deleted
