"""Instant results under the search field: offered, never in the way, all by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Error, Page, Route, expect

pytestmark = pytest.mark.browser

RESET = {
    "id": "en/account/reset-password", "slug": "reset-password", "title": "Reset your password",
    "url": "/en/articles/reset-password#the-link-has-expired", "section": "the-link-has-expired",
    "snippet": "Ask for a new <mark>password</mark> &lt;link&gt;.", "lang": "en", "score": 0.9,
    "category": "Account", "updated": "2026-02-01",
}  # fmt: skip
PARCEL = {**RESET, "id": "en/delivery/late-parcel", "slug": "late-parcel", "section": "",
          "title": "Your parcel is late", "url": "/en/articles/late-parcel"}  # fmt: skip


class Api:
    """Stands in for the suggestions: answers as told, remembers what it was asked."""

    def __init__(self, page: Page) -> None:
        self.asked: list[dict[str, str]] = []
        self.answer: Callable[[Route, str], None] = lambda route, q: self.give(route, RESET, PARCEL)
        page.route("**/api/v1/suggest*", self._asked)

    def give(self, route: Route, *found: dict[str, Any]) -> None:
        route.fulfill(json={"suggestions": list(found)})

    def _asked(self, route: Route) -> None:
        query = {name: v[0] for name, v in parse_qs(urlsplit(route.request.url).query).items()}
        self.asked.append(query)
        self.answer(route, query["q"])


@pytest.fixture
def home(open_page: Callable[..., Page]) -> tuple[Page, Api]:
    page = open_page("/en/contact", refusals=True)
    api = Api(page)
    page.goto("/en/")
    return page, api


def field(page: Page) -> Any:
    return page.get_by_role("combobox", name="Search the help articles")


def write(page: Page, text: str) -> None:
    field(page).press_sequentially(text, delay=10)


def press_before_the_answer(page: Page, api: Api, key: str) -> None:
    """Type one letter more, press a key while the portal still thinks, then let it answer."""
    held: list[Route] = []
    api.answer = lambda route, q: held.append(route)
    with page.expect_request("**/suggest*"):
        write(page, "s")
    page.keyboard.press(key)
    with page.expect_response("**/suggest*"):
        api.give(held[0], PARCEL)
    page.wait_for_timeout(200)


def results(page: Page) -> Any:
    return page.get_by_role("listbox")


def chosen(page: Page) -> Any:
    return page.get_by_role("option", selected=True)


def with_results(page: Page, text: str = "password") -> None:
    write(page, text)
    expect(results(page)).to_be_visible()


def test_a_pause_in_typing_brings_results_and_leaves_the_cursor(home):
    page, api = home
    with_results(page)

    expect(page.get_by_role("option")).to_have_count(3)
    expect(page.get_by_role("option").last).to_have_text("See all results for “password”")
    expect(results(page).locator("mark").first).to_have_text("password")
    expect(page.get_by_text("new password <link>.").first).to_be_visible()
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_have_text("2 articles")
    assert api.asked == [{"q": "password", "lang": "en", "limit": "5", "surface": "search"}]


def test_arrows_go_round_by_way_of_the_text(home):
    page, _ = home
    with_results(page)
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        at = field(page).get_attribute("aria-activedescendant")
        seen.append(page.locator(f"#{at}").inner_text().split("\n")[0] if at else "")

    every = "See all results for “password”"
    assert seen == [RESET["title"], PARCEL["title"], every, "", every, PARCEL["title"]]
    expect(chosen(page)).to_have_count(1)


def test_enter_opens_the_chosen_article_at_its_section(home):
    page, _ = home
    with_results(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/en/articles/reset-password#the-link-has-expired")


def test_enter_without_a_choice_searches_as_ever(home):
    page, _ = home
    with_results(page)
    page.keyboard.press("Enter")

    page.wait_for_url("**/en/search?q=password")


def test_the_last_entry_leads_to_all_results_of_what_is_written_now(home):
    page, api = home
    with_results(page)
    api.answer = lambda route, q: None
    write(page, " link")
    page.get_by_role("option", name="See all results").click()

    page.wait_for_url("**/en/search?q=password+link")


def test_escape_closes_first_and_clears_second(home):
    page, _ = home
    with_results(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")

    expect(results(page)).to_be_hidden()
    expect(field(page)).to_have_value("password")
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    assert field(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    expect(field(page)).to_have_value("")


def test_an_arrow_opens_again_what_escape_closed(home):
    page, _ = home
    with_results(page)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")

    expect(chosen(page)).to_have_text("See all results for “password”")


def test_what_escape_closed_a_later_answer_does_not_open(home):
    page, api = home
    with_results(page)
    press_before_the_answer(page, api, "Escape")

    expect(results(page)).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("Your parcel is late")


def test_what_came_while_a_result_was_chosen_is_there_after_escape(home):
    page, api = home
    with_results(page)
    press_before_the_answer(page, api, "ArrowDown")
    page.keyboard.press("Escape")
    expect(results(page)).to_be_hidden()

    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("Your parcel is late")


def test_the_last_entry_shows_signs_as_they_were_written(home):
    page, _ = home
    with_results(page, "password $& $1")

    expect(page.get_by_role("option").last).to_have_text("See all results for “password $& $1”")


@pytest.mark.parametrize("key", ["Home", "End", "ArrowLeft", "ArrowRight"])
def test_keys_of_the_text_go_back_to_the_text(home, key):
    page, _ = home
    with_results(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press(key)
    page.keyboard.press("x")

    expect(chosen(page)).to_have_count(0)
    expect(field(page)).to_have_value("xpassword" if key == "Home" else re.compile("x"))


def test_leaving_the_field_closes_and_asks_nothing(home):
    page, api = home
    with_results(page)
    write(page, "s")
    page.keyboard.press("Tab")
    page.wait_for_timeout(400)

    expect(results(page)).to_be_hidden()
    assert [one["q"] for one in api.asked] == ["password"]


def test_answers_out_of_order_show_only_the_latest(home):
    page, api = home
    held: list[Route] = []

    def answer(route: Route, query: str) -> None:
        if query == "par":
            held.append(route)
        else:
            api.give(route, PARCEL)

    api.answer = answer
    write(page, "par")
    page.wait_for_timeout(350)
    write(page, "cel")
    expect(page.get_by_role("option", name="Your parcel is late")).to_be_visible()
    for route in held:
        try:
            api.give(route, RESET)
        except Error:  # the browser has given this request up, as it should
            continue
    page.wait_for_timeout(200)

    expect(page.get_by_role("option", name="Reset your password")).to_have_count(0)
    assert held


def test_a_choice_is_not_taken_away_by_a_later_list(home):
    page, api = home
    with_results(page)
    held: list[Route] = []
    api.answer = lambda route, q: held.append(route)
    write(page, "s")
    page.wait_for_timeout(350)
    page.keyboard.press("ArrowDown")
    api.give(held[0], PARCEL)
    page.wait_for_timeout(200)

    expect(chosen(page)).to_contain_text("Reset your password")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("option", name="Reset your password")).to_have_count(0)


def test_nothing_good_shows_nothing(home):
    page, api = home
    api.answer = lambda route, q: api.give(route)
    write(page, "kettle hums")
    page.wait_for_timeout(400)

    expect(results(page)).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("")


@pytest.mark.parametrize("fault", ["down", "limited", "slow"])
def test_a_search_that_is_not_well_leaves_a_plain_field(home, fault):
    page, api = home
    api.answer = {
        "down": lambda route, q: route.abort(),
        "limited": lambda route, q: route.fulfill(status=429),
        "slow": lambda route, q: None,
    }[fault]
    write(page, "password")
    page.wait_for_timeout(400)
    expect(results(page)).to_be_hidden()
    page.keyboard.press("Enter")

    page.wait_for_url("**/en/search?q=password")


def test_an_answer_in_another_language_is_labelled(home):
    page, api = home
    slovak = [{**RESET, "lang": "sk", "title": "Obnovenie hesla"}]
    api.answer = lambda route, q: route.fulfill(json={"suggestions": [], "fallback": slovak})
    with_results(page, "heslo")

    option = page.get_by_role("option", name="Obnovenie hesla")
    expect(option.locator(".tag")).to_have_text("Slovak")
    expect(option.locator("[lang=sk]").first).to_have_text("Obnovenie hesla")


def test_back_from_an_article_finds_the_list_closed(home):
    page, _ = home
    with_results(page)
    page.get_by_role("option", name="Your parcel is late").click()
    page.wait_for_url("**/late-parcel")
    page.go_back()

    expect(field(page)).to_be_visible()
    expect(page.locator(".search-results:not([hidden])")).to_have_count(0)


def test_other_pages_offer_the_same(home):
    page, _ = home
    page.goto("/en/articles/late-parcel")
    page.keyboard.press("/")
    with_results(page)
    page.get_by_role("option", name="Reset your password").click()

    page.wait_for_url("**/en/articles/reset-password#the-link-has-expired")


def test_a_finger_opens_a_result(open_page):
    page = open_page("/en/contact", has_touch=True, viewport={"width": 320, "height": 640})
    Api(page)
    page.goto("/en/")
    field(page).tap()
    with_results(page)
    page.get_by_role("option", name="Your parcel is late").tap()

    page.wait_for_url("**/late-parcel")


def test_without_scripts_it_is_a_plain_form(open_page):
    page = open_page("/en/", java_script_enabled=False)
    page.get_by_role("searchbox", name="Search the help articles").fill("password")
    page.get_by_role("button", name="Search").click()

    page.wait_for_url("**/en/search?q=password")
    expect(page.get_by_role("link", name="Reset your password")).to_be_visible()
