"""Whatever colour an operator chooses, everything stays readable, light and dark."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

ACCENTS = (
    "#0d6348", "#000000", "#ffffff", "#808080", "#ff0000", "#ff8000", "#ffff00", "#80ff00",
    "#00ff00", "#00ff80", "#00ffff", "#0080ff", "#0000ff", "#8000ff", "#ff00ff", "#ff0080",
    "#ffd1dc", "#fffacd", "#cfe8ff", "#2b0000", "#00002b", "#7a1fa2", "#e2001a", "#ffcc00",
)  # fmt: skip

GROUNDS = ("paper", "surface", "sunken", "accent-soft", "hero")
TEXT = [
    *((text, ground) for text in ("ink", "muted", "accent") for ground in GROUNDS),
    *(("accent-hover", ground) for ground in GROUNDS),
    ("ink", "hero-deep"), ("on-accent", "accent"), ("on-accent", "accent-hover"),
    ("on-marker", "marker"),
    *((tone, ground) for tone in ("tip", "warning", "danger", "info")
      for ground in ("paper", "surface", f"{tone}-soft")),
    *(("ink", f"{tone}-soft") for tone in ("tip", "warning", "danger", "info")),
]  # fmt: skip
EDGES = [("line-strong", ground) for ground in ("paper", "surface", "hero", "sunken")]

MEASURE = """
([accents, pairs]) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const probe = document.body.appendChild(document.createElement("i"));
  const luminance = (name) => {
    probe.style.color = `var(--${name})`;
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
      .map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = {};
  for (const accent of accents) {
    document.documentElement.style.setProperty("--brand", accent);
    for (const [front, back] of pairs) {
      const [low, high] = [luminance(front), luminance(back)].sort((a, b) => a - b);
      found[`${accent} ${front} on ${back}`] = (high + 0.05) / (low + 0.05);
    }
  }
  return found;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (EDGES, 3.0)], ids=["text", "edges"])
def test_any_accent_keeps_the_contrast(open_page, scheme, pairs, least):
    page = open_page("/en/", color_scheme=scheme)

    measured = page.evaluate(MEASURE, [ACCENTS, [list(pair) for pair in pairs]])

    weak = {what: round(ratio, 2) for what, ratio in measured.items() if ratio < least}
    assert len(measured) == len(ACCENTS) * len(pairs)
    assert weak == {}
