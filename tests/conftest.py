"""What tests of every kind share: one small index per run, a fresh database per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.cast import a_portal, an_app, outspoken, seeded_settings

pytest_plugins = ("tests.browsing",)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an indexed library in which hidden articles are full of canaries."""
    return seeded_settings(tmp_path_factory.mktemp("seeded"))


@pytest.fixture
def seeded_portal(seeded: Settings, tmp_path: Path) -> Iterator[Portal]:
    """A portal over that library which suggests everything that it may."""
    portal = outspoken(a_portal(seeded, instance=tmp_path / "instance"))
    yield portal
    portal.recorder.close()


@pytest.fixture
def seeded_client(seeded_portal: Portal) -> FlaskClient:
    return an_app(seeded_portal).test_client()
