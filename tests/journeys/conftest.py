"""The whole portal over the demo help centre in two languages: nothing is stood in for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.settings import Settings
from kbportal.wiring import Portal, build_index, read_articles
from tests.browsing import served
from tests.cast import a_portal, an_app

ARTICLES = Path(__file__).parents[2] / "articles"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the demo, indexed by words alone, which takes a few seconds."""
    settings = replace(
        Settings(),
        holdout_percent=0,
        articles=ARTICLES,
        indexes=tmp_path_factory.mktemp("demo") / "indexes",
        languages=("en", "sk"),
        model="none",
    )
    build_index(settings, read_articles(settings), now=utc_now())
    return settings


@pytest.fixture
def portal(demo: Settings, tmp_path: Path) -> Iterator[Portal]:
    portal = a_portal(demo, instance=tmp_path / "instance")
    yield portal
    portal.close()


@pytest.fixture
def address(portal: Portal) -> Iterator[str]:
    """Where the portal answers."""
    with served(an_app(portal, WTF_CSRF_ENABLED=True)) as address:
        yield address
