"""Machines are answered over the library with hidden articles."""

from __future__ import annotations

import pytest

from kbportal.settings import Settings


@pytest.fixture(scope="session")
def indexed(seeded: Settings) -> Settings:
    return seeded
