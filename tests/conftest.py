"""What tests of every kind share: one small index per run, a fresh database per test."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.cast import a_portal, an_app, outspoken, seeded_settings

pytest_plugins = ("tests.browsing",)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full-matrix", action="store_true",
        help="look at each page in each language at each width and in each colour scheme",
    )  # fmt: skip


def pytest_configure() -> None:
    """Two thousand tests in one process open more files than the usual 1,024 at once."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8_192 if hard == resource.RLIM_INFINITY else min(8_192, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


@pytest.fixture
def full_matrix(request: pytest.FixtureRequest) -> bool:
    """Whether a test shall do all that it could do, and take its time."""
    return bool(request.config.getoption("--full-matrix"))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an indexed library in which hidden articles are full of canaries."""
    return seeded_settings(tmp_path_factory.mktemp("seeded"))


@pytest.fixture
def seeded_portal(seeded: Settings, tmp_path: Path) -> Iterator[Portal]:
    """A portal over that library which suggests everything that it may."""
    portal = outspoken(a_portal(seeded, instance=tmp_path / "instance"))
    yield portal
    portal.close()


@pytest.fixture
def seeded_client(seeded_portal: Portal) -> FlaskClient:
    return an_app(seeded_portal).test_client()
