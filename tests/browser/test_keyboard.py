"""The whole way by keyboard alone, on a page whose focus can be seen at every step."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.states import STATES, Here
from tests.journeys.people import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]  # the index of five languages

# Something is drawn around the element, a part of it, or what it fills. A date has stops of its
# own within, which the browser draws.
_SEEN = """
(element) => {
  if (element.type === "date") return true;
  const drawn = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  for (let one = element, up = 0; one && up < 3; one = one.parentElement, up += 1) {
    for (const part of [null, "::before", "::after"]) {
      if (drawn(getComputedStyle(one, part))) return true;
    }
  }
  return false;
}
"""
_FOCUSED = """
() => {
  const one = document.activeElement;
  return !one || one === document.body ? null : one.outerHTML.slice(0, 160);
}
"""


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go there by Tab and press a key."""
    tab_to(page, target, most=80)
    assert target.evaluate(_SEEN), f"the focus cannot be seen on {target}"
    page.keyboard.press(key)


def search_for(page: Page, words: str) -> None:
    tab_to(page, page.locator("[data-search-key]").first)
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")


def start_a_ticket(page: Page) -> Locator:
    """Type until a suggestion is there; the button that opens it."""
    tab_to(page, page.locator("#subject"))
    page.keyboard.type("forgot password", delay=15)
    opener = page.locator("[data-suggestion-list]").get_by_role(
        "button", name="Reset your password", exact=True
    )
    expect(opener).to_be_visible()
    return opener


def fill_in_and_send(page: Page) -> None:
    tab_to(page, page.locator("#description"))
    page.keyboard.type("Since yesterday.")
    tab_to(page, page.locator("#email"))
    page.keyboard.type("jana@example.com")
    press(page, page.get_by_role("button", name="Send", exact=True))
    page.wait_for_url("**/sent")


def test_from_the_first_page_over_an_article_to_a_withdrawn_request(open_page):
    page = open_page("/en/")
    search_for(page, "password")
    press(page, page.locator("main").get_by_role("link", name="Reset your password").first)
    page.wait_for_url("**/articles/reset-password*")
    press(page, page.locator("[data-vote-answer=yes]"))
    expect(page.locator("[data-vote-thanks]")).to_be_focused()

    press(page, page.get_by_role("link", name=re.compile("Contact us|Write to us")).last)
    page.wait_for_url("**/contact*")
    press(page, start_a_ticket(page))
    expect(page.locator(".prose").get_by_text("Ask for a new password link")).to_be_visible()
    press(page, page.get_by_role("button", name="This solved it"))
    expect(page.get_by_text("Glad that helped.").filter(visible=True)).to_have_count(1)
    press(page, page.get_by_role("button", name="Undo"), " ")
    fill_in_and_send(page)

    expect(page.get_by_text("Request 1001")).to_be_visible()
    press(page, page.get_by_role("button", name=re.compile("withdraw")).first)
    expect(page.get_by_text("You withdrew this request")).to_be_visible()
    press(page, page.get_by_role("button", name=re.compile("Undo")))
    expect(page.get_by_text("You withdrew this request")).to_have_count(0)


def test_a_vote_with_a_reason(open_page):
    page = open_page("/en/articles/late-parcel")
    press(page, page.locator("[data-vote-answer=no]"))
    more = page.locator("[data-vote-more]")
    expect(more.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    press(page, more.get_by_role("button"))

    expect(page.locator("[data-vote-thanks]")).to_be_focused()


def test_escape_closes_a_card_and_goes_back_to_its_head(open_page):
    page = open_page("/en/contact")
    opener = start_a_ticket(page)
    press(page, opener)
    expect(opener).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(opener).to_be_focused()


def test_the_language_menu_opens_leads_and_closes(open_page):
    page = open_page("/en/")
    menu = page.locator("[data-menu]")
    press(page, menu.locator("summary"))
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link").first).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()

    page.keyboard.press("Enter")
    press(page, menu.get_by_role("link", name="slovenčina"))
    page.wait_for_url("**/sk/")


def test_the_first_stop_leads_over_the_head_of_the_page(open_page):
    page = open_page("/en/articles/reset-password")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize(
    "state",
    ["home", "search", "article of everything", "suggestion open", "form errors", "sent", "ticket",
     "my account", "people", "tickets", "ticket at the desk", "numbers"],
)  # fmt: skip
def test_the_focus_can_be_seen_at_every_stop_and_leaves_the_page(open_everywhere, state):
    page, there = open_everywhere(state, "en")
    STATES[state].go(Here(page, "en", there))
    page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
    unseen, stops = [], 0
    page.keyboard.press("Tab")
    while (stop := page.evaluate(_FOCUSED)) and stops < 150:
        stops += 1
        if not page.evaluate_handle("document.activeElement").evaluate(_SEEN):
            unseen.append(stop)
        page.keyboard.press("Tab")

    assert unseen == []
    assert 3 < stops < 150
