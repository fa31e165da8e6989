"""`make screenshots`: the pictures of the README, taken from the real portal over the demo.

The portal runs on a free port with an instance folder of its own and is stopped at the end. The
same pages give the same pictures, but for the days on the page of numbers.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.chromium import chromium
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
LARGEST_BYTES = 150_000
COLOURS = 256
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
HIGH: dict[str, Any] = {"viewport": {"width": 1280, "height": 1020}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780}, "device_scale_factor": 1.5, "has_touch": True,
    "is_mobile": True,
}  # fmt: skip
DARK: dict[str, Any] = {"color_scheme": "dark"}


def writing(words: str) -> Callable[[Page], None]:
    """Somebody types a subject, and opens what is suggested."""

    def act(page: Page) -> None:
        page.locator("#subject").press_sequentially(words, delay=20)
        page.locator("[data-suggestion-list] button[aria-expanded]").first.click()
        page.locator("[data-suggestion-list] .prose > *").first.wait_for()

    return act


def searching(words: str) -> Callable[[Page], None]:
    """Somebody types into the search field, and answers appear."""

    def act(page: Page) -> None:
        page.get_by_role("combobox").first.press_sequentially(words, delay=20)
        page.get_by_role("option").first.wait_for()

    return act


@dataclass(frozen=True, slots=True)
class Picture:
    """What to open, in what kind of browser, and what to do there first."""

    name: str
    path: str
    browser: Mapping[str, Any] = field(default_factory=lambda: DESK)
    act: Callable[[Page], None] = lambda page: None
    for_staff: bool = False


PICTURES = (
    Picture("home-dark", "/en/", DESK | DARK),
    Picture("search-desktop", "/en/", DESK, searching("late parc")),
    Picture("article-desktop", "/en/articles/reset-password"),
    Picture("article-phone-sk", "/sk/articles/reset-password", PHONE),
    Picture("form-desktop", "/en/contact", HIGH, writing("I forgot my password")),
    Picture("form-phone-sk", "/sk/contact", PHONE, writing("zabudol som heslo")),
    Picture("form-phone-dark", "/sk/contact", PHONE | DARK, writing("zabudol som heslo")),
    Picture("insights-desktop", "/insights/", HIGH, for_staff=True),
    Picture(
        "insights-rows", "/insights/rows/confirmed_deflection_rate?only=1", DESK, for_staff=True
    ),
)


def main() -> None:
    """Take every picture over an index (ours unless another folder is given)."""
    indexes = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "indexes"
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as instance,
        serving(ROOT / "articles", indexes, Path(instance), workers=1) as server,
        chromium() as browser,
    ):
        pass_ = _manager_with_numbers(Path(instance), indexes)
        address = f"http://127.0.0.1:{server.port}"
        sizes = [_take(browser, one, address, pass_) for one in PICTURES]
    if max(sizes) > LARGEST_BYTES:
        sys.exit(f"a picture is larger than {LARGEST_BYTES} bytes")


def _take(browser: Browser, picture: Picture, address: str, pass_: str) -> int:
    context = browser.new_context(base_url=address, reduced_motion="reduce", **picture.browser)
    if picture.for_staff:
        context.add_cookies([{"name": COOKIE, "value": pass_, "url": address}])
    page = context.new_page()
    page.goto(picture.path, wait_until="networkidle")
    picture.act(page)
    taken = page.screenshot(animations="disabled", caret="hide")
    context.close()
    file = IMAGES / f"{picture.name}.png"
    # Flat colours: a palette of 256 looks the same at a third of the size.
    with Image.open(io.BytesIO(taken)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}  {size // 1000} kB")
    return size


def _manager_with_numbers(instance: Path, indexes: Path) -> str:
    """Fill the instance with visitors; gives the pass of a manager who may see what they did."""
    now = utc_now()
    portal = build_portal(
        load(root=ROOT, flags={"instance": instance, "indexes": indexes}), clock=lambda: now
    )
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
