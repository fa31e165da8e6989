"""What customers and colleagues do in a browser, as they would say it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from playwright.sync_api import Locator, Page, expect

from kbportal.kernel.clock import utc_now
from kbportal.people.accounts import open_session
from kbportal.web.staff import COOKIE
from kbportal.wiring import Portal
from tests.rooms.staff import a_colleague


def describe(page: Page, text: str) -> None:
    """Type into the subject like a person, key by key."""
    page.locator("#subject").press_sequentially(text, delay=15)


def take_time(page: Page) -> None:
    """As long as a person needs at least: who sends within 3 seconds is taken for a robot."""
    page.wait_for_timeout(3_000)


def suggestion(page: Page, title: str) -> Locator:
    return page.locator(".suggestion", has_text=title)


def read(card: Locator) -> None:
    """Open a suggestion where it stands, and wait for its text."""
    card.locator(".suggestion-open").click()
    expect(card.locator(".prose > *").first).to_be_visible()


def told(page: Page, what: str) -> AbstractContextManager[object]:
    """Wait until the portal was told this by the page."""
    return page.expect_response(lambda response: what in (response.request.post_data or ""))


def tab_to(page: Page, target: Locator, *, most: int = 40) -> None:
    """Press Tab until the keyboard is there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


def pass_of(portal: Portal, role: str, *, now: datetime | None = None) -> dict[str, str]:
    """The cookie of a colleague who has signed in."""
    user = a_colleague(portal, role)
    return {COOKIE: open_session(portal.people, user, now=now or utc_now())}
