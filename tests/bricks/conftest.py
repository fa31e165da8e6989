from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbportal.people.ports import PeopleStore
from kbportal.storage import Stores, open_stores, upgrade
from kbportal.tickets.ports import TicketStore


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The address of an empty, upgraded database."""
    url = f"sqlite:///{tmp_path / 'kbportal.sqlite'}"
    upgrade(url)
    return url


@pytest.fixture
def stores(database_url: str) -> Iterator[Stores]:
    opened = open_stores(database_url)
    yield opened
    opened.close()


@pytest.fixture
def people(stores: Stores) -> PeopleStore:
    return stores.people


@pytest.fixture
def tickets(stores: Stores) -> TicketStore:
    return stores.tickets
