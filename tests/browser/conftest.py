"""A real Chromium in front of a real server; skipped loudly where there is no browser."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright
from werkzeug.serving import make_server

from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.cast import a_portal, an_app, indexed_settings, outspoken

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        except Error as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no browser: {error}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return indexed_settings(tmp_path_factory.mktemp("portal"))


@pytest.fixture
def portal(indexed: Settings, tmp_path: Path) -> Iterator[Portal]:
    portal = a_portal(indexed, instance=tmp_path / "instance")
    yield portal
    portal.recorder.close()


@pytest.fixture
def address(portal: Portal) -> Iterator[str]:
    """Where the portal answers."""
    server = make_server(
        "127.0.0.1", 0, an_app(outspoken(portal), WTF_CSRF_ENABLED=True), threaded=True
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a path in a fresh browser; at the end nothing may have gone wrong in the console."""
    contexts, complaints = [], []

    def opened(path: str, **options: Any) -> Page:
        context = chromium.new_context(base_url=address, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _is_policy(said.text) and complaints.append(said.text))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _is_policy(text: str) -> bool:
    return "Content Security Policy" in text or "Trusted" in text
