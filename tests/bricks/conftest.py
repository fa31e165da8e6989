from __future__ import annotations

import atexit
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from kbportal.people.ports import PeopleStore, SecondFactorStore
from kbportal.storage import Stores, open_stores, upgrade
from kbportal.tickets.ports import TicketStore

SERVER = os.environ.get("KBPORTAL_TEST_POSTGRESQL", "")
"""Address of a PostgreSQL server on which databases may be made; SQLite where there is none."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items if SERVER else ():
        if item.get_closest_marker("sqlite"):
            item.add_marker(pytest.mark.skip(reason="is about SQLite itself"))


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """The address of an empty, upgraded database."""
    if SERVER:
        with a_copy(SERVER, of=upgraded(SERVER)) as url:
            yield url
    else:
        url = f"sqlite:///{tmp_path / 'kbportal.sqlite'}"
        upgrade(url)
        yield url


@cache
def upgraded(server: str) -> str:
    """The name of an empty database with all tables, made once in this run."""
    name = f"kbportal_{uuid.uuid4().hex}"
    tell(server, f"CREATE DATABASE {name}")
    atexit.register(tell, server, f"DROP DATABASE {name}")
    upgrade(address(server, name))
    return name


@contextmanager
def a_copy(server: str, *, of: str) -> Iterator[str]:
    """The address of a database that is gone at the end."""
    name = f"kbportal_{uuid.uuid4().hex}"
    tell(server, f"CREATE DATABASE {name} TEMPLATE {of}")
    yield address(server, name)
    tell(server, f"DROP DATABASE {name} WITH (FORCE)")


def address(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def tell(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))


@pytest.fixture
def stores(database_url: str) -> Iterator[Stores]:
    opened = open_stores(database_url)
    yield opened
    opened.close()


@pytest.fixture
def people(stores: Stores) -> PeopleStore:
    return stores.people


@pytest.fixture
def factors(stores: Stores) -> SecondFactorStore:
    return stores.second_factors


@pytest.fixture
def tickets(stores: Stores) -> TicketStore:
    return stores.tickets
