"""What a page costs somebody who has never been here: bytes by kind, requests, paint, shifts."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.chromium import Device, devtools

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780}, "device_scale_factor": 2, "has_touch": True,
    "is_mobile": True,
}  # fmt: skip
_KINDS = {
    "text/html": "html", "text/css": "css", "text/javascript": "js", "image/svg+xml": "svg",
    "application/json": "data",
}  # fmt: skip
# Paint and shifts are told by the browser to whoever asks from the start.
_WATCH = """
window.kbLcp = 0; window.kbShift = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.kbLcp = one.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.kbShift += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""
_SETTLED_MS = 400


@dataclass(frozen=True, slots=True)
class Visit:
    """One first visit.

    Attributes:
        bodies: Kind → bytes of compressed bodies.
        headers: Bytes of all response headers, which travel uncompressed.
        lcp_ms, shift: Largest contentful paint since navigation, cumulative layout shift.
    """

    bodies: dict[str, int]
    headers: int
    requests: int
    lcp_ms: float
    shift: float
    used: dict[str, int] = field(default_factory=dict)
    shift_used: float = 0.0

    @property
    def weight(self) -> int:
        """Everything that came down the line: bodies and headers."""
        return sum(self.bodies.values()) + self.headers


def visit(
    browser: Browser, url: str, device: Device, *, act: Callable[[Page], None] | None = None
) -> Visit:
    """Open an address in a browser that has seen nothing yet; `act` uses the page afterwards."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.add_init_script(_WATCH)
    counted = _Counter(page, device)
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(_SETTLED_MS)
    lcp, shift = page.evaluate("[kbLcp, kbShift]")
    found = Visit(counted.bodies(), counted.headers, counted.requests, lcp, shift)
    if act:
        act(page)
        page.wait_for_timeout(_SETTLED_MS)
        shift = page.evaluate("kbShift")
    found = Visit(
        found.bodies, found.headers, found.requests, lcp, found.shift, counted.bodies(), shift
    )
    context.close()
    return found


def figures(visits: Sequence[Visit]) -> dict[str, Any]:
    """Sizes of the first (all are alike), medians of the times and their spread."""
    first = visits[0]
    paints = sorted(one.lcp_ms for one in visits)
    kb = {kind: _kb(size) for kind, size in sorted(first.bodies.items())}
    return {
        "weight_kb": _kb(first.weight),
        **{f"{kind}_kb": size for kind, size in kb.items()},
        "headers_kb": _kb(first.headers),
        "js_used_kb": _kb(first.used.get("js", 0)),
        "requests": first.requests,
        "lcp_ms": round(statistics.median(paints)),
        "lcp_from_to": f"{paints[0]:.0f}-{paints[-1]:.0f}",
        "cls": round(max(one.shift for one in visits), 4),
        "cls_used": round(max(one.shift_used for one in visits), 4),
    }


class _Counter:
    """Counts what arrives, by the browser's own books."""

    def __init__(self, page: Page, device: Device) -> None:
        self.headers, self.requests = 0, 0
        self._kinds: dict[str, str] = {}
        self._heads: dict[str, int] = {}
        self._bodies: dict[str, int] = defaultdict(int)
        session = devtools(page, device)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)

    def bodies(self) -> dict[str, int]:
        return dict(self._bodies)

    def _answered(self, told: dict[str, Any]) -> None:
        response = told["response"]
        if response["url"].startswith(("data:", "blob:")):
            return
        mime = response["mimeType"]
        self._kinds[told["requestId"]] = _KINDS.get(mime) or mime.split("/")[0]
        self._heads[told["requestId"]] = int(response["encodedDataLength"])

    def _finished(self, told: dict[str, Any]) -> None:
        if (kind := self._kinds.get(told["requestId"])) is None:
            return
        head = self._heads[told["requestId"]]
        self.requests += 1
        self.headers += head
        self._bodies[kind] += max(0, int(told["encodedDataLength"]) - head)


def _kb(size: int) -> float:
    return round(size / 1000, 1)
