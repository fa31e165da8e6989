"""`python -m benchmarks.pages`: what customers' pages weigh, and how soon they are there.

The portal serves the demo on a free port from an instance folder of its own; Chromium opens each
page as somebody who has never been here, on a slow phone: 1.6 Mbit/s, 150 ms, a processor four
times slower. Sizes are exact; times depend on who else uses the machine.

    python -m benchmarks.pages
    python -m benchmarks.pages --only home,form --lang sk --runs 9 --json
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks import keystrokes, report
from benchmarks.chromium import AS_IT_IS, SLOW_PHONE, chromium
from benchmarks.first_bytes import first_bytes
from benchmarks.first_visits import figures, visit
from benchmarks.server import serving
from benchmarks.typists import own_questions

ROOT = Path(__file__).resolve().parent.parent
FEWEST_QUESTIONS = 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What a page may cost: kilobytes (1000 bytes) in all and of scripts, paint, shifts."""

    weight_kb: float = 45
    js_kb: float = 10
    lcp_ms: float = 1000
    shift: float = 0.02


KEYSTROKE_P95_MS = 700


@dataclass(frozen=True, slots=True)
class State:
    """A page to open.

    Attributes:
        path: Below the language; a function finds it out by using the portal.
        act: Uses the page, so that scripts that come only then are counted too.
    """

    path: str | Callable[[Page, str], str]
    act: Callable[[Page], None] | None = None
    limits: Limits = Limits()


def main() -> None:
    """Measure, print a table and every limit that is passed, or with --json a document."""
    options = _options()
    with (
        tempfile.TemporaryDirectory() as instance,
        serving(options.articles, options.indexes, Path(instance)) as server,
        chromium() as browser,
    ):
        address = f"http://127.0.0.1:{server.port}/{options.lang}/"
        measured = {"machine": report.machine()} | _measured(browser, address, options)
    measured["beyond the limits"] = dict(_beyond(measured))
    if options.json:
        print(json.dumps(measured, indent=2))
    else:
        print("\n".join(report.lines(measured)))


def sent(page: Page, address: str) -> str:
    """Send a request; its confirmation."""
    page.goto(f"{address}contact")
    page.fill("#subject", "I forgot my password")
    page.fill("#description", "The link does not come.")
    page.fill("#email", "jana@example.com")
    page.locator("form[data-contact] .form-end [type=submit]").first.click()
    page.wait_for_url(re.compile(r"/tickets/.+/sent"))
    return str(page.url).removeprefix(address)


def ticket(page: Page, address: str) -> str:
    """Send a request; its own page."""
    return sent(page, address).removesuffix("/sent")


def type_a_question(page: Page) -> None:
    """Type, open what is suggested, and read it."""
    page.locator("#subject").press_sequentially("I forgot my password", delay=30)
    card = page.locator("[data-suggestion-list] > *").first
    announced = page.locator("[data-suggestions-peek]")
    card.or_(announced).locator("visible=true").first.wait_for()
    if announced.is_visible():
        announced.click()
    card.locator("button[aria-expanded]").first.click()
    card.locator(".prose > *").first.wait_for()


def type_a_search(page: Page) -> None:
    """Type into the search field and wait for what it offers, if anything."""
    field = page.locator("[role=combobox], input[type=search]").first
    field.press_sequentially("password", delay=30)
    page.wait_for_timeout(1500)


STATES: Mapping[str, State] = {
    "home": State("", type_a_search),
    "search": State("search?q=password"),
    "nothing found": State("search?q=qqqwwwzzz"),
    "category": State("categories/account"),
    "article": State("articles/reset-password"),
    "often asked": State("faq"),
    "form": State("contact", type_a_question, Limits(weight_kb=55)),
    "sent": State(sent, None, Limits(weight_kb=55)),
    "ticket": State(ticket, None, Limits(weight_kb=55)),
}


def _measured(browser: Browser, address: str, options: argparse.Namespace) -> dict[str, Any]:
    pages = {name: _page(browser, address, STATES[name], options.runs) for name in options.only}
    asked = own_questions(options.articles, options.lang)[: options.questions]
    typed = {
        f"{name}, {how}": keystrokes.measure(browser, address, surface, asked, device)
        for name, surface in keystrokes.SURFACES.items()
        for how, device in (("slow phone", SLOW_PHONE), ("as it is", AS_IT_IS))
        if options.questions
    }
    return {"pages, first visit, slow phone": pages, "last key to painted suggestion": typed}


def _page(browser: Browser, address: str, state: State, runs: int) -> dict[str, Any]:
    url = address + (state.path if isinstance(state.path, str) else _found(browser, address, state))
    visits = [
        visit(browser, url, SLOW_PHONE, act=state.act if number == 0 else None)
        for number in range(runs)
    ]
    return {**figures(visits), "first_byte_ms": first_bytes(url)}


def _found(browser: Browser, address: str, state: State) -> str:
    context = browser.new_context()
    try:
        return state.path(context.new_page(), address)  # type: ignore[operator]
    finally:
        context.close()


def _beyond(measured: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name of a page or surface → each limit that it passes."""
    for name, found in measured["pages, first visit, slow phone"].items():
        limits = STATES[name].limits
        held = (("weight_kb", limits.weight_kb), ("js_kb", limits.js_kb),
                ("js_used_kb", limits.js_kb), ("lcp_ms", limits.lcp_ms), ("cls", limits.shift),
                ("cls_used", limits.shift))  # fmt: skip
        over = [f"{what} {found.get(what, 0)} > {most}" for what, most in held
                if found.get(what, 0) > most]  # fmt: skip
        if over:
            yield name, ", ".join(over)
    for name, found in measured["last key to painted suggestion"].items():
        if found.get("p95_ms", 0) > KEYSTROKE_P95_MS:
            yield name, f"p95_ms {found['p95_ms']} > {KEYSTROKE_P95_MS}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pages", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("--articles", type=Path, default=ROOT / "articles", help="articles that are served")
    add("--indexes", type=Path, default=ROOT / "indexes", help="their index, built if need be")
    add("--lang", default="en", help="language of the pages (en)")
    add("--runs", type=int, default=5, help="visits to each page (5)")
    add("--questions", type=int, default=40, help="typed questions (40); 0 for none")
    add("--only", type=_names, default=list(STATES), help=f"of {', '.join(STATES)}")
    add("--json", action="store_true", help="print one JSON document")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    given = text.split(",")
    if unknown := set(given) - set(STATES):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: no such page")
    return given


if __name__ == "__main__":
    main()
