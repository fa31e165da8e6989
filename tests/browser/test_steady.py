"""Suggestions that come late: nothing moves under a finger, and nothing is withheld."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_suggestions import PARCEL, RESET, Api, stop_time, write

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
# Browsers count no shift of the half second after a key; this much of it must really pass.
HALF_A_SECOND_MS = 600
_SHIFTS = """
window.kbShift = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.kbShift += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


class LateForm:
    """A form whose questions are answered when the test says so; its clock stands still."""

    def __init__(self, page: Page) -> None:
        self.page, self.api = page, Api(page)
        self._held: list[Route] = []
        self.api.answer = lambda route, query: self._held.append(route)
        self.peek = page.locator("[data-suggestions-peek]")
        self.cards = page.locator(".suggestion")
        self.submit = page.locator("[data-send]")
        page.remove_locator_handler(self.peek)
        page.add_init_script(_SHIFTS)
        stop_time(page)

    def write(self, text: str, field: str = "#subject") -> None:
        """Write, and let half a second and more pass with the question on its way."""
        write(self.page, text, field=field)
        self.page.clock.run_for(750 if field == "#description" else 500)
        self.page.wait_for_timeout(HALF_A_SECOND_MS)

    def answer(self, *found: dict[str, object]) -> None:
        with self.page.expect_response("**/api/v1/suggest*"):
            self.api.suggest(self._held.pop(), *found)
        self.page.clock.run_for(20)
        self.page.wait_for_timeout(100)

    def top(self, selector: str) -> float:
        return float(self.page.locator(selector).evaluate("one => one.getBoundingClientRect().top"))

    def shift(self) -> float:
        return float(self.page.evaluate("kbShift"))


@pytest.fixture
def late(open_page: Callable[..., Page]) -> LateForm:
    return LateForm(open_page("/en/faq", refusals=True, viewport=PHONE))


def test_a_late_answer_is_announced_in_its_place_and_moves_nothing(late):
    late.write("forgot password")
    before = late.top("[data-send]")
    late.answer(RESET, PARCEL)

    expect(late.peek).to_have_text("2 articles may answer this")
    expect(late.cards.first).to_be_hidden()
    assert late.top("[data-send]") == before
    assert late.shift() <= 0.02


def test_pressing_what_is_announced_shows_the_cards_and_leaves_the_cursor(late):
    late.write("forgot password")
    late.answer(RESET)
    late.peek.click()

    expect(late.cards).to_be_visible()
    expect(late.peek).to_be_hidden()
    expect(late.page.locator("#subject")).to_be_focused()


def test_by_keyboard_what_is_announced_leads_to_the_first_card(late):
    late.write("forgot password")
    late.answer(RESET)
    late.peek.press("Enter")

    expect(late.page.locator(".suggestion-open")).to_be_focused()


def test_what_came_late_comes_up_with_the_next_key(late):
    late.write("forgot password")
    late.answer(RESET)
    write(late.page, " ")

    expect(late.cards).to_be_visible()
    assert late.shift() <= 0.02


@pytest.mark.parametrize("block", ["start", "end"])
def test_the_field_that_is_written_in_stays_while_cards_come_up_above_it(late, block):
    late.page.locator("#description").focus()
    late.page.locator("#description").evaluate(
        "(one, block) => one.scrollIntoView({ block })", block
    )
    before = late.top("#description")
    late.write("The link of the mail has expired", field="#description")
    late.answer(RESET, PARCEL)

    expect(late.cards).to_have_count(2)
    expect(late.cards.first).to_be_visible()
    assert late.top("#description") == pytest.approx(before, abs=2)
    assert late.shift() <= 0.02


def test_a_card_that_is_opened_stays_where_it_was_pressed(late):
    late.write("forgot password")
    late.answer(RESET)
    late.peek.click()
    opener = late.page.locator(".suggestion-open")
    opener.evaluate("one => one.scrollIntoView({ block: 'start' })")
    before = late.top(".suggestion-open")
    opener.evaluate("one => one.click()")
    expect(late.page.locator(".suggestion-here")).to_be_in_viewport()

    assert late.top(".suggestion-open") == pytest.approx(before, abs=5)  # it is still appearing


def test_cards_that_go_late_leave_their_room_until_the_next_key(late):
    late.write("forgot password")
    late.answer(RESET)
    late.peek.click()
    late.write(" kettle")
    before = late.top("[data-send]")
    late.answer()

    expect(late.page.locator("[data-suggestions]")).to_be_hidden()
    assert late.top("[data-send]") == before
    write(late.page, "s")
    assert late.top("[data-send]") < before - 50
    assert late.shift() <= 0.02
