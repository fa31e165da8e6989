"""A portal over the small library that suggests whatever it finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.browsing import served
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
def address(portal: Portal) -> Iterator[str]:
    """Where the portal answers."""
    with served(an_app(outspoken(portal), WTF_CSRF_ENABLED=True)) as address:
        yield address
