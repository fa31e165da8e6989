"""A real Chromium in front of a real server; skipped loudly where there is no browser."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright
from werkzeug.serving import make_server

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE_MS = 10_000
FAILED_FETCH = "Failed to load resource"
# A breach of the policy that the console were silent about, as one that is only reported.
_BREACHES = """
addEventListener("securitypolicyviolation", (breach) =>
  console.error(`policy: ${breach.effectiveDirective} ${breach.blockedURI} ${breach.sample}`));
"""


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


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which an app answers meanwhile."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a path in a fresh browser.

    At the end nothing may have gone wrong: no script error, no breach of the content security
    policy, no other error in the console. `refusals=True` is for pages that are meant to be
    answered with an error status; `cookies` are there from the start; further options are the
    browser context's.
    """
    contexts, complaints = [], []

    def opened(
        path: str, *, refusals: bool = False, cookies: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Page:  # fmt: skip
        def heard(said: ConsoleMessage) -> None:
            if said.type == "error" and not (refusals and FAILED_FETCH in said.text):
                complaints.append(said.text)

        options = {"base_url": address, **options}
        context = chromium.new_context(**options)
        contexts.append(context)
        context.add_cookies(
            [
                {"name": n, "value": v, "url": options["base_url"]}
                for n, v in (cookies or {}).items()
            ]
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(_BREACHES)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", heard)
        # What comes late waits to be pressed; on a busy machine that may be anything.
        page.add_locator_handler(page.locator("[data-suggestions-peek]"), lambda peek: peek.click())
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
