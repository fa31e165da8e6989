"""Pages for eyes of every kind: enlarged four times, in forced colours, without motion."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.states import STATES, Here

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]  # the index of five languages

CLOSELY = (
    "home", "language menu", "search", "article of everything", "often asked", "suggestion open",
    "suggestion solved", "form errors", "step without scripts", "sent", "withdrawn", "not found",
    "people", "tickets", "ticket at the desk", "numbers",
)  # fmt: skip
# 1280 x 1024 pixels at 400 %.
ENLARGED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}

# Controls whose text or box ends beyond the screen, or whose text does not fit its box, unless
# they lie in something that scrolls by itself.
_CUT = """
() => [...document.querySelectorAll("a, button, input, select, textarea, summary, h1, h2, h3")]
  .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((one) => {
    for (let up = one.parentElement; up; up = up.parentElement) {
      const overflow = getComputedStyle(up).overflowX;
      if (up !== document.body && (overflow === "auto" || overflow === "scroll")) return false;
      if (up.matches(".only-read-aloud")) return false;
    }
    if (one.matches(".only-read-aloud, .skip, .field-trap *")) return false;
    const box = one.getBoundingClientRect();
    const isText = !one.matches("input, select, textarea");
    return box.left < -1 || box.right > innerWidth + 1 ||
      (isText && box.width > 1 && getComputedStyle(one).display !== "inline" &&
       one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible");
  })
  .map((one) => one.outerHTML.slice(0, 160))
"""
# What stays on the screen while the page is scrolled.
_STICKY_SHARE = """
() => [...document.querySelectorAll("body *")]
  .filter((one) => ["fixed", "sticky"].includes(getComputedStyle(one).position))
  .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight && box.width > innerWidth / 2 &&
      box.height > innerHeight / 2;
  })
  .map((one) => one.outerHTML.slice(0, 160))
"""
_WITHOUT_EDGE = """
() => [...document.querySelectorAll("button, .button, input:not([type=hidden]), select, textarea")]
  .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((one) => !one.matches(".only-read-aloud, .field-trap *"))
  .filter((one) => {
    const style = getComputedStyle(one);
    const bordered = parseFloat(style.borderBottomWidth) > 0 && style.borderBottomStyle !== "none";
    const underlined = style.textDecorationLine.includes("underline");
    const drawn = style.appearance !== "none" || style.outlineStyle !== "none";
    const parent = getComputedStyle(one.parentElement);
    const framed = parseFloat(parent.borderBottomWidth) > 0 && parent.borderBottomStyle !== "none";
    return !(bordered || underlined || drawn || framed);
  })
  .map((one) => one.outerHTML.slice(0, 160))
"""
_MOVING = """
() => {
  const seconds = (text) => Math.max(...text.split(",").map((one) => parseFloat(one)));
  return [...document.querySelectorAll("*")]
    .filter((one) => {
      const style = getComputedStyle(one);
      return seconds(style.transitionDuration) > 0.01 || seconds(style.animationDuration) > 0.01;
    })
    .map((one) => one.outerHTML.slice(0, 160))
    .concat(document.getAnimations()
      .filter((one) => one.effect.getComputedTiming().duration > 10)
      .map((one) => `runs: ${one.animationName ?? one.id}`))
    .concat(getComputedStyle(document.documentElement).scrollBehavior === "smooth"
      ? ["smooth scrolling"] : []);
}
"""


@pytest.mark.parametrize("state", CLOSELY)
@pytest.mark.parametrize("lang", ["en", "fi"])
def test_enlarged_four_times_everything_can_be_read_by_scrolling_one_way(
    open_everywhere, state, lang
):
    page, there = open_everywhere(state, lang, **ENLARGED)
    STATES[state].go(Here(page, lang, there))

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(_CUT) == []
    assert page.evaluate(_STICKY_SHARE) == []


@pytest.mark.parametrize("state", CLOSELY)
def test_in_forced_colours_controls_still_have_an_edge(open_everywhere, state):
    page, there = open_everywhere(state, "en", forced_colors="active")
    STATES[state].go(Here(page, "en", there))

    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.evaluate(_WITHOUT_EDGE) == []


@pytest.mark.parametrize("state", CLOSELY)
def test_who_wants_no_motion_gets_none(open_everywhere, state):
    page, there = open_everywhere(state, "en", reduced_motion="reduce")
    STATES[state].go(Here(page, "en", there))

    assert page.evaluate(_MOVING) == []


def test_with_javascript_off_nothing_needed_is_hidden(open_everywhere):
    page, there = open_everywhere("article", "en", java_script_enabled=False)
    STATES["article"].go(Here(page, "en", there))

    assert words_of(page) >= {"Yes", "No"}


def words_of(page: Page) -> set[str]:
    return {one.strip() for one in page.locator("main a").all_inner_texts()}
