"""Much at a time is too much: values for statements, and rows to delete, in portions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Table, delete, func, select

from kbportal.storage.database import Database

T = TypeVar("T")

AT_ONCE = 500
"""Values in one statement; databases limit them."""
PORTION = 2_000
"""Rows per transaction: some ten milliseconds, in which other writers wait."""
MOST_REST_S = 0.1
"""After each portion the database is left to others for as long as it took, up to this."""


def portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """So many values at a time as a statement takes."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


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
