"""One index for all rooms; each test has its own database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.cast import a_portal, an_app, indexed_settings, outspoken


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return indexed_settings(tmp_path_factory.mktemp("portal"))


@pytest.fixture
def portal(indexed: Settings, tmp_path: Path) -> Iterator[Portal]:
    portal = a_portal(indexed, instance=tmp_path / "instance")
    yield portal
    portal.close()


@pytest.fixture
def client(portal: Portal) -> FlaskClient:
    return an_app(portal).test_client()


@pytest.fixture
def outspoken_client(portal: Portal) -> FlaskClient:
    """A client of a portal that always has something to suggest."""
    return an_app(outspoken(portal)).test_client()
