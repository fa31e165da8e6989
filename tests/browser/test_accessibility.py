"""Every customer page, light and dark, small and large: axe-core has nothing to say about it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browsing import served
from tests.cast import an_app, outspoken

pytestmark = pytest.mark.browser

VENDOR = Path(__file__).with_name("vendor")
AXE = VENDOR / "axe.min.js"
WIDTHS, SCHEMES = (320, 1280), ("light", "dark")


def visit(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


def suggestions_open(page: Page) -> None:
    page.goto("/en/contact")
    page.locator("#subject").press_sequentially("forgot password")
    page.locator(".suggestion-open").first.click()
    page.locator(".suggestion .prose p").first.wait_for()


def suggestion_solved(page: Page) -> None:
    suggestions_open(page)
    page.get_by_role("button", name="This solved it").click()


def form_errors(page: Page) -> None:
    page.goto("/en/contact")
    page.fill("#email", "nonsense")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("alert").wait_for()


def confirmation(page: Page) -> None:
    page.goto("/en/contact")
    page.fill("#subject", "Forgot password")
    page.fill("#description", "Where is the link?")
    page.fill("#email", "jana@example.com")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/sent")


def ticket(page: Page) -> None:
    confirmation(page)
    page.get_by_role("link", name="Open my request").click()
    page.wait_for_url(re.compile(r"/tickets/[^/]+$"))


STATES: dict[str, Callable[[Page], object]] = {
    "home": visit("/en/"),
    "search": visit("/en/search?q=password"),
    "nothing found": visit("/en/search?q=qqqwwwzzz"),
    "category": visit("/en/categories/account"),
    "article": visit("/en/articles/reset-password"),
    "often asked": visit("/en/faq"),
    "vote": visit("/en/articles/late-parcel/vote?answer=no"),
    "contact": visit("/en/contact"),
    "suggestions open": suggestions_open,
    "solved": suggestion_solved,
    "form errors": form_errors,
    "confirmation": confirmation,
    "ticket": ticket,
    "not found": visit("/en/nothing-here"),
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, state):
    page = open_page("/en/faq", refusals=True, reduced_motion="reduce")
    STATES[state](page)
    # Evaluated from outside the page, whose content security policy stays as it is.
    page.evaluate(AXE.read_text(encoding="utf-8"))

    assert faults(page) == {}


@pytest.mark.parametrize("accent", ["#ffd500", "#1d4ed8", "#e11d48", "#777777"])
def test_whatever_the_accent_everything_can_be_read(open_page, portal, accent):
    branded = replace(portal, settings=replace(portal.settings, accent=accent))
    with served(an_app(outspoken(branded))) as address:
        page = open_page("/en/", base_url=address, reduced_motion="reduce")
        page.evaluate(AXE.read_text(encoding="utf-8"))

        assert (
            page.evaluate("getComputedStyle(document.body).getPropertyValue('--brand')") == accent
        )
        assert faults(page, widths=(1280,)) == {}


def test_axe_is_the_file_that_was_vendored():
    digest = hashlib.sha256(AXE.read_bytes()).hexdigest()

    assert digest in (VENDOR / "README.md").read_text(encoding="utf-8")


def faults(page: Page, *, widths: Sequence[int] = WIDTHS) -> dict[tuple[int, str], Any]:
    """Width and colour scheme → what is wrong there."""
    found = {}
    for width, scheme in product(widths, SCHEMES):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
        if wrong := violated(page) | sticking_out(page, width):
            found[width, scheme] = wrong
    return found


def violated(page: Page) -> dict[str, Any]:
    """Rule → what breaks it."""
    result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return {
        one["id"]: [f"{node['html'][:200]} {node['failureSummary']}" for node in one["nodes"][:3]]
        for one in result["violations"]
    }


def sticking_out(page: Page, width: int) -> dict[str, Any]:
    """Whether the page would have to be scrolled sideways."""
    whole = page.evaluate("document.documentElement.scrollWidth")
    return {"wider than the screen": whole} if whole > width else {}
