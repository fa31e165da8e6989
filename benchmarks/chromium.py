"""The browser that measures and takes pictures: Debian's Chromium, and how slow it may be made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--disable-sync")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Device:
    """How quick a network and a processor are.

    Attributes:
        down, up: Bits per second; 0 for no limit.
        latency_ms: Added to every request, as Chromium's own throttling does it; setting up a
            connection costs nothing extra.
        slowdown: How many times longer everything takes the processor.
    """

    down: int = 0
    up: int = 0
    latency_ms: int = 0
    slowdown: int = 1

    def slow_down(self, session: CDPSession) -> None:
        """Make the page behind this session as slow as that."""
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": self.latency_ms,
                "downloadThroughput": self.down / 8 or -1,
                "uploadThroughput": self.up / 8 or -1,
            },
        )
        session.send("Emulation.setCPUThrottlingRate", {"rate": self.slowdown})


AS_IT_IS = Device()
SLOW_PHONE = Device(down=1_600_000, up=750_000, latency_ms=150, slowdown=4)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, else the one that Playwright fetched."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield browser
        browser.close()


def devtools(page: Page, device: Device) -> CDPSession:
    """A line to the page's own tools, with the page slowed down."""
    session = page.context.new_cdp_session(page)
    device.slow_down(session)
    return session
