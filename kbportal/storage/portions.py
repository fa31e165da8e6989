"""Deleting much without making anybody wait: so many rows at a time, each time committed."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Column, Table, delete, func, select

from kbportal.storage.database import Database

PORTION = 2_000
"""Rows per transaction: some ten milliseconds, in which other writers wait."""
MOST_REST_S = 0.1
"""After each portion the database is left to others for as long as it took, up to this."""


def count_rows(database: Database, table: Table, *conditions: Any) -> int:
    """How many rows meet all conditions."""
    with database.reading() as connection:
        query = select(func.count()).select_from(table).where(*conditions)
        return int(connection.execute(query).scalar_one())


def delete_rows(database: Database, key: Column[Any], *conditions: Any) -> int:
    """Delete the rows that meet all conditions; how many they were. `key` tells rows apart."""
    deleted = 0
    while True:
        began = time.monotonic()
        some = select(key).where(*conditions).limit(PORTION)
        with database.writing() as connection:
            gone = connection.execute(delete(key.table).where(key.in_(some))).rowcount
        deleted += gone
        if gone < PORTION:
            return deleted
        time.sleep(min(time.monotonic() - began, MOST_REST_S))
