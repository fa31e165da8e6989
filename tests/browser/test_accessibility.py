"""Every page in every state and language, light and dark, small and large: axe-core is silent.

By default each state is opened in two languages, and languages and the four combinations of width
and colours take turns, so that all of them are met. With `--full-matrix` everything meets
everything.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.everywhere import LANGUAGES
from tests.browser.states import PASSING, STATES, Here
from tests.browsing import served
from tests.cast import an_app, outspoken

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]  # the index of five languages

VENDOR = Path(__file__).with_name("vendor")
AXE = VENDOR / "axe.min.js"
TEMPLATES = Path(__file__).parents[2] / "kbportal" / "web" / "templates"
LOOKS = tuple(product((320, 1280), ("light", "dark")))
# Colours change by transitions, which take a frame or two however short they are.
_SETTLED = """
async () => {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  await Promise.allSettled(document.getAnimations().map((one) => one.finished));
}
"""
EVERYTHING = tuple(product(STATES, LANGUAGES))
IN_TURN = tuple(
    (state, LANGUAGES[(turn + step) % len(LANGUAGES)])
    for turn, state in enumerate(STATES)
    for step in (0, 2)
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """All states in all languages, or each in two of them."""
    if "state" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--full-matrix")
        metafunc.parametrize(("state", "lang"), EVERYTHING if whole else IN_TURN)


def looks(state: str, lang: str, *, whole: bool) -> tuple[tuple[int, str], ...]:
    """All widths and colours, or whose turn it is."""
    if whole:
        return LOOKS
    turn = list(STATES).index(state) + LANGUAGES.index(lang)
    return (LOOKS[turn % len(LOOKS)],)


def test_axe_finds_nothing_and_nothing_sticks_out(open_everywhere, full_matrix, state, lang):
    page, there = open_everywhere(state, lang, reduced_motion="reduce")
    STATES[state].go(Here(page, lang, there))

    assert there.rendered[-1] == STATES[state].template
    assert page.locator("html").get_attribute("lang") == lang
    found = faults(page, *looks(state, lang, whole=full_matrix))
    assert {look: wrong.keys() - STATES[state].allowed for look, wrong in found.items()} == {
        look: set() for look in found
    }, found


def test_every_page_is_looked_at():
    pages = {
        file.relative_to(TEMPLATES).as_posix()
        for file in TEMPLATES.rglob("*.html")
        if not file.name.startswith("_") and "{% extends" in file.read_text(encoding="utf-8")
    }

    assert pages - {state.template for state in STATES.values()} - set(PASSING) == set()


@pytest.mark.parametrize("accent", ["#ffd500", "#1d4ed8", "#e11d48", "#777777"])
def test_whatever_the_accent_everything_can_be_read(open_page, there, accent):
    settings = replace(there.portal.settings, accent=accent)
    with served(an_app(outspoken(replace(there.portal, settings=settings)))) as address:
        page = open_page("/en/", base_url=address, reduced_motion="reduce")

        assert (
            page.evaluate("getComputedStyle(document.body).getPropertyValue('--brand')") == accent
        )
        assert faults(page, (1280, "light"), (1280, "dark")) == {}


def test_axe_is_the_file_that_was_vendored():
    digest = hashlib.sha256(AXE.read_bytes()).hexdigest()

    assert digest in (VENDOR / "README.md").read_text(encoding="utf-8")


def faults(page: Page, *looks: tuple[int, str]) -> dict[tuple[int, str], Any]:
    """Width and colour scheme → what is wrong there."""
    # Evaluated from outside the page, whose content security policy stays as it is.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = {}
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(_SETTLED)
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
