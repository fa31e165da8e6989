"""From the last key of a question to the suggestion on the screen, pauses included.

Questions are those that articles say they answer, typed key by key into a page that was opened
for each of them anew, fast enough that nothing is asked before the last key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.chromium import Device, devtools
from benchmarks.first_visits import PHONE
from benchmarks.timing import summary

KEY_MS = 8
PATIENCE_MS = 3_000
# The frame after the one in which the first suggestion has a box is the one that shows it.
_WATCH = """
([field, shown]) => {
  window.kbKey = 0;
  const keys = (event) => (window.kbKey = event.timeStamp);
  document.querySelector(field).addEventListener("input", keys);
  window.kbPainted = new Promise((painted) => {
    const look = () => {
      const there = document.querySelector(shown)?.getClientRects().length;
      if (!there) return void requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => painted(performance.now())));
    };
    requestAnimationFrame(look);
  });
}
"""
_TAKEN = """
(patience) => Promise.race([
  window.kbPainted.then((moment) => moment - window.kbKey),
  new Promise((given_up) => setTimeout(() => given_up(null), patience)),
])
"""


@dataclass(frozen=True, slots=True)
class Surface:
    """Where something can be typed.

    Attributes:
        field: Selector of what is typed into.
        shown: Selector of what appears.
        announced: Selector of what says instead, without moving anything, that it may be opened.
    """

    path: str
    field: str
    shown: str
    announced: str = ""


SURFACES = {
    "form": Surface(
        "contact", "#subject", "[data-suggestion-list] > *", "[data-suggestions-peek]:not([hidden])"
    ),
    "search field": Surface("", "[role=combobox]", "[role=listbox] [role=option]"),
}


@dataclass(frozen=True, slots=True)
class Painted:
    """Milliseconds from the last key; whether it was announced, rather than shown, that late."""

    ms: float
    announced: bool


def measure(
    browser: Browser, address: str, surface: Surface, questions: Sequence[str], device: Device
) -> dict[str, Any]:
    """Milliseconds by percentile over the questions that something was shown for."""
    taken = [_typed(browser, address, surface, one, device) for one in questions]
    shown = [one.ms for one in taken if one]
    announced = sum(one.announced for one in taken if one)
    silent = len(taken) - len(shown)
    return {**summary(shown), "typed": len(taken), "silent": silent, "announced": announced}


def _typed(
    browser: Browser, address: str, surface: Surface, question: str, device: Device
) -> Painted | None:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    devtools(page, device)
    page.goto(f"{address}{surface.path}", wait_until="load")
    try:
        return _until_painted(page, surface, question)
    finally:
        context.close()


def _until_painted(page: Page, surface: Surface, question: str) -> Painted | None:
    field = page.locator(surface.field).first
    if not field.count():
        return None
    field.focus()
    either = ", ".join(filter(None, (surface.shown, surface.announced)))
    page.evaluate(_WATCH, [surface.field, either])
    field.press_sequentially(question, delay=KEY_MS)
    taken = page.evaluate(_TAKEN, PATIENCE_MS)
    if taken is None:
        return None
    told = bool(surface.announced) and page.locator(surface.announced).count() > 0
    return Painted(float(taken), told)
