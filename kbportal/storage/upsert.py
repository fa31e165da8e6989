"""Rows that may be there already: one statement, so that two processes never fail each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


def put_new(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows; those whose key is there already are left alone."""
    if rows:
        connection.execute(_insert_new(connection, table), [dict(row) for row in rows])


def put_one_new(connection: Connection, table: Table, row: Row) -> bool:
    """Insert a row unless its key is there already; whether it was inserted."""
    statement = _insert_new(connection, table).values(**row)
    # Not every driver tells of an INSERT how many rows it made once its cursor is closed.
    done = connection.execute(statement.execution_options(preserve_rowcount=True))
    return bool(done.rowcount == 1)


def put(
    connection: Connection,
    table: Table,
    row: Row,
    *,
    change: Row | None = None,
    where: Any = None,
) -> None:
    """Insert a row, or change the one with its key.

    Args:
        change: What becomes of the one that is there, if that is not all of the row.
        where: Only then is it changed.
    """
    values = {name: value for name, value in row.items() if name not in _key(table)}
    statement = _insert(connection, table).values(**row)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=_key(table), set_=dict(change or values), where=where
        )
    )


def _insert_new(connection: Connection, table: Table) -> Any:
    return _insert(connection, table).on_conflict_do_nothing(index_elements=_key(table))


def _insert(connection: Connection, table: Table) -> Any:
    """The same clause has a class of its own in each dialect."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def _key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]
