"""`make screenshots`: the pictures of the README, taken from the real portal over the demo.

The portal runs on a free port with an instance folder of its own and is stopped at the end.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.server import serving
from benchmarks.visitors import visits
from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.people.accounts import add_user, open_session
from kbportal.people.model import Role
from kbportal.settings import load
from kbportal.web.staff import COOKIE
from kbportal.wiring import build_portal

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
LARGEST_BYTES = 200_000
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--disable-sync")  # fmt: skip
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780}, "device_scale_factor": 1.5, "has_touch": True,
    "is_mobile": True,
}  # fmt: skip
DARK: dict[str, Any] = {"color_scheme": "dark"}


def form(page: Page) -> None:
    """Somebody types, and opens what is suggested."""
    page.locator("#subject").press_sequentially("I forgot my password", delay=20)
    page.locator(".suggestion-open").first.click()
    page.locator(".suggestion .prose > *").first.wait_for()


@dataclass(frozen=True, slots=True)
class Picture:
    """What to open, in what kind of browser, and what to do there first."""

    name: str
    path: str
    browser: Mapping[str, Any] = field(default_factory=lambda: DESK)
    act: Callable[[Page], None] = lambda page: None
    for_staff: bool = False


PICTURES = (
    Picture("home-desktop", "/en/"),
    Picture("home-dark", "/en/", DESK | DARK),
    Picture("form-desktop", "/en/contact", {"viewport": {"width": 1280, "height": 1020}}, form),
    Picture("article-phone-sk", "/sk/articles/reset-password", PHONE),
    Picture(
        "insights-desktop", "/insights/", {"viewport": {"width": 1280, "height": 1000}},
        for_staff=True,
    ),
)  # fmt: skip


def main() -> None:
    """Take every picture; complains about one that is too large for a README."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as instance,
        serving(ROOT / "articles", ROOT / "indexes", Path(instance), workers=1) as server,
    ):
        address = f"http://127.0.0.1:{server.port}"
        pass_ = _manager_with_numbers(Path(instance))
        with sync_playwright() as playwright:
            found = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
            sizes = [_take(browser, one, address, pass_) for one in PICTURES]
            browser.close()
    if max(sizes) > LARGEST_BYTES:
        sys.exit(f"a picture is larger than {LARGEST_BYTES} bytes")


def _take(browser: Browser, picture: Picture, address: str, pass_: str) -> int:
    context = browser.new_context(base_url=address, reduced_motion="reduce", **picture.browser)
    if picture.for_staff:
        context.add_cookies([{"name": COOKIE, "value": pass_, "url": address}])
    page = context.new_page()
    page.goto(picture.path, wait_until="networkidle")
    picture.act(page)
    file = IMAGES / f"{picture.name}.png"
    page.screenshot(path=file)
    context.close()
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}  {size // 1000} kB")
    return size


def _manager_with_numbers(instance: Path) -> str:
    """Fill the instance with visitors; gives the pass of a manager who may see what they did."""
    now = utc_now()
    portal = build_portal(load(root=ROOT, flags={"instance": instance}), clock=lambda: now)
    cards = [card for card in portal.live.current().shelf.public_articles() if card.lang == "en"]
    portal.recorder.close()
    portal.events.append(visits(cards, now=now))
    user = add_user(
        portal.people, user_id=new_id(), email="mia@example.com", name="Mia", role=Role.MANAGER,
        password=new_id(), now=now,
    )  # fmt: skip
    return open_session(portal.people, user, now=now)


if __name__ == "__main__":
    main()
