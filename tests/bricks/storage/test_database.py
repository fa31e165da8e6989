from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from kbportal.storage import SchemaTooNew, StorageUnavailable, Stores, open_stores, upgrade
from kbportal.storage.database import Database, sqlite_path
from kbportal.storage.schema import newest_revision
from kbportal.storage.tables import metadata
from kbportal.storage.tickets import SqlTicketStore
from tests.builders import a_ticket, an_event


def test_migrations_make_the_tables_that_the_stores_use(database_url: str) -> None:
    with Database(database_url).reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_upgrading_twice_changes_nothing(database_url: str, stores: Stores) -> None:
    stores.tickets.file(a_ticket(), an_event("ticket_created"))

    upgrade(database_url)

    assert stores.tickets.by_number(1001)


def test_the_newest_migration_is_known_by_its_file_name() -> None:
    scripts = ScriptDirectory(str(files("kbportal.storage.migrations")))

    assert newest_revision() == scripts.get_current_head()


def test_workers_that_start_at_once_make_one_schema(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'kbportal.sqlite'}"
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(upgrade, [url] * 4)) == [None] * 4

    open_stores(url).check()


def test_a_newer_schema_is_refused_with_a_clear_error(database_url: str) -> None:
    with Database(database_url).writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaTooNew, match="later version"):
        upgrade(database_url)


@pytest.mark.sqlite
def test_the_file_belongs_to_its_owner_only(database_url: str) -> None:
    path = sqlite_path(database_url)
    assert path

    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.sqlite
def test_writes_are_durable_and_events_quick(database_url: str) -> None:
    found = []
    for durable in (True, False):
        with Database(database_url, durable=durable).reading() as connection:
            for pragma in ("journal_mode", "synchronous", "foreign_keys"):
                found.append(connection.execute(text(f"PRAGMA {pragma}")).scalar())

    assert found == ["wal", 2, 1, "wal", 1, 1]


@pytest.fixture
def locked(database_url: str) -> Iterator[Database]:
    """A database on which another process sits."""
    other = sqlite3.connect(str(sqlite_path(database_url)), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield Database(database_url, busy_s=0.1)
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.sqlite
def test_a_locked_database_is_told_and_read_on(locked: Database) -> None:
    store = SqlTicketStore(locked)

    with pytest.raises(StorageUnavailable) as caught:
        store.file(a_ticket(), an_event("ticket_created"))

    assert (caught.value.code, caught.value.facts["reason"]) == ("storage_unavailable", "locked")
    assert store.list().tickets == ()


@pytest.mark.sqlite
def test_a_full_disk_is_told_and_forgotten_when_there_is_room(database_url: str) -> None:
    database = Database(database_url)
    store = SqlTicketStore(database)
    with database.reading() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    _limit_pages(database, pages)
    with pytest.raises(StorageUnavailable) as caught:
        store.file(a_ticket(description="x" * 200_000), an_event("ticket_created"))

    _limit_pages(database, 1_000_000)

    assert caught.value.facts["reason"] == "full"
    assert store.file(a_ticket(), an_event("ticket_created"))[0].number == 1001


def _limit_pages(database: Database, pages: int) -> None:
    with database.reading() as connection:
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))


@pytest.mark.sqlite
def test_a_read_only_database_is_told(database_url: str) -> None:
    database = Database(database_url)
    with database.reading() as connection:
        connection.execute(text("PRAGMA query_only = ON"))

    with pytest.raises(StorageUnavailable) as caught:
        SqlTicketStore(database).file(a_ticket(), an_event("ticket_created"))

    assert caught.value.facts["reason"] == "read_only"


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"this is not a database at all" * 100)

    with pytest.raises(StorageUnavailable) as caught:
        upgrade(f"sqlite:///{tmp_path / 'x.sqlite'}")

    assert caught.value.facts["reason"] == "corrupt"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageUnavailable):
        upgrade(f"sqlite:///{tmp_path / 'file' / 'kbportal.sqlite'}")


def test_connections_are_not_carried_across_a_fork(stores: Stores) -> None:
    stores.check()
    child = os.fork()
    if child == 0:
        try:
            stores.tickets.file(a_ticket(), an_event("ticket_created"))
        finally:
            os._exit(0)
    os.waitpid(child, 0)

    assert stores.tickets.by_number(1001)


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_each_table_can_be_made_on_postgresql(table: object) -> None:
    made = CreateTable(table).compile(dialect=postgresql.dialect())  # type: ignore[arg-type, no-untyped-call]

    assert "CREATE TABLE" in str(made)
