"""A portal over the small library that suggests whatever it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.browser.everywhere import (
    Everywhere,
    everywhere,
    indexed_everywhere,
    staff_cookies,
)
from tests.browser.states import STATES
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


@pytest.fixture(scope="session")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everywhere]:
    """The portal in five languages, with colleagues, tickets and numbers; one for all tests."""
    root = tmp_path_factory.mktemp("everywhere")
    with everywhere(indexed_everywhere(root), root / "instance") as there:
        yield there


@pytest.fixture
def open_everywhere(
    open_page: Callable[..., Page], there: Everywhere
) -> Callable[..., tuple[Page, Everywhere]]:
    """Opens a browser for a state in a language: a cheap page first, the right colleague in it."""

    def opened(state: str, lang: str, **options: Any) -> tuple[Page, Everywhere]:
        there.afresh()
        cookies = staff_cookies(there, STATES[state].role, lang)
        page = open_page(
            "/robots.txt", base_url=there.address, refusals=True, cookies=cookies, **options
        )
        return page, there

    return opened
