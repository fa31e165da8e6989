"""The API is tested over the library with hidden articles and with a stand-in for the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.cast import an_app

Clients = Callable[..., FlaskClient]


@pytest.fixture(scope="session")
def indexed(seeded: Settings) -> Settings:
    return seeded


@pytest.fixture
def portal(seeded_portal: Portal) -> Portal:
    return seeded_portal


@pytest.fixture
def client_with(portal: Portal) -> Clients:
    """Makes a client of the portal with other settings."""

    def made(**settings: Any) -> FlaskClient:
        other = replace(portal, settings=replace(portal.settings, **settings))
        return an_app(other).test_client()

    return made
