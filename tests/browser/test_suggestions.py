"""Suggestions while a ticket is typed: helpful when they can be, never in the way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

RESET = {
    "id": "en/account/reset-password", "slug": "reset-password", "title": "Reset your password",
    "url": "/en/articles/reset-password#the-link-has-expired", "section": "the-link-has-expired",
    "snippet": "Ask for a new <mark>password</mark> link &amp; use it.", "lang": "en", "score": 0.9,
    "category": "Account", "updated": "2026-02-01",
}  # fmt: skip
PARCEL = {**RESET, "id": "en/delivery/late-parcel", "slug": "late-parcel", "section": "",
          "title": "Your parcel is late", "url": "/en/articles/late-parcel"}  # fmt: skip
HTML = (
    "<p>Lead.</p>" * 60
    + '<h2 id="the-link-has-expired">The link has expired</h2>'
    + "<p>Ask.</p>" * 20
)


class Api:
    """Stands in for the JSON interface: answers as told, remembers what it was asked."""

    def __init__(self, page: Page) -> None:
        self.queries: list[str] = []
        self.events: list[dict[str, Any]] = []
        self.answer: Callable[[Route, str], None] = lambda route, q: self.suggest(route, RESET)
        page.route("**/api/v1/suggest*", self._asked)
        page.route("**/api/v1/articles/**", lambda route: route.fulfill(json={"html": HTML}))
        page.route("**/api/v1/events", self._told)

    def suggest(self, route: Route, *found: dict[str, Any]) -> None:
        route.fulfill(json={"suggestions": list(found)})

    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def _asked(self, route: Route) -> None:
        query = route.request.url.split("q=")[1].split("&")[0].replace("+", " ")
        self.queries.append(query)
        self.answer(route, query)

    def _told(self, route: Route) -> None:
        self.events.append(json.loads(route.request.post_data or "{}"))
        route.fulfill(status=204)


@pytest.fixture
def form(open_page: Callable[..., Page]) -> tuple[Page, Api]:
    page = open_page("/en/faq", refusals=True)
    api = Api(page)
    page.goto("/en/contact")
    return page, api


def write(page: Page, text: str, *, field: str = "#subject") -> None:
    page.locator(field).press_sequentially(text, delay=10)


def stop_time(page: Page) -> None:
    """Open the form anew with a clock that goes on when the test says so, however slow we type."""
    page.clock.install(time=0)
    page.goto("/en/contact")
    page.clock.pause_at(60_000)


def card(page: Page, title: str = "Reset your password") -> Any:
    return page.locator(".suggestion", has_text=title)


def test_a_pause_in_typing_brings_cards_and_leaves_the_cursor(form):
    page, api = form
    stop_time(page)
    write(page, "forgot password")
    with page.expect_response("**/api/v1/suggest*"):
        page.clock.run_for(200)
    page.clock.run_for(170)

    expect(card(page)).to_be_visible()
    expect(card(page).locator("mark")).to_have_text("password")
    expect(page.locator("[data-suggestions-status]")).to_have_text("1 article may answer this")
    expect(page.locator("#subject")).to_be_focused()
    assert api.queries == ["forgot password"]


def test_two_characters_ask_nothing(form):
    page, api = form
    write(page, "fo")
    page.wait_for_timeout(600)

    assert api.queries == []


def test_leaving_the_field_asks_at_once(form):
    page, api = form
    stop_time(page)
    write(page, "parcel")
    with page.expect_request("**/api/v1/suggest*"):
        page.keyboard.press("Tab")

    assert api.queries == ["parcel"]


def test_a_card_opens_in_place_at_its_section(form):
    page, _ = form
    write(page, "forgot password")
    card(page).locator(".suggestion-open").click()

    heading = page.locator(".suggestion-here")
    expect(heading).to_be_in_viewport()
    expect(page.locator("#subject")).to_have_value("forgot password")
    assert page.url.endswith("/en/contact")


def test_a_card_closed_while_its_article_came_opens_at_its_section(form):
    page, _ = form
    held: list[Route] = []
    page.route("**/api/v1/articles/**", lambda route: held.append(route))
    write(page, "forgot password")
    opener = card(page).locator(".suggestion-open")
    with page.expect_request("**/api/v1/articles/**"):
        opener.click()
    opener.click()
    with page.expect_response("**/api/v1/articles/**"):
        held[0].fulfill(json={"html": HTML})
    expect(page.locator(".suggestion .prose > *")).not_to_have_count(0)
    opener.click()

    expect(page.locator(".suggestion-here")).to_be_in_viewport()


def test_an_article_that_did_not_come_says_so_until_it_is_fetched_again(form):
    page, _ = form
    held: list[Route] = []
    page.route("**/api/v1/articles/**", lambda route: held.append(route))
    write(page, "forgot password")
    opener = card(page).locator(".suggestion-open")
    waiting = card(page).locator(".suggestion-wait")
    with page.expect_request("**/api/v1/articles/**"):
        opener.click()
    held[0].abort()
    expect(waiting).to_contain_text("could not be fetched")
    expect(waiting).to_have_role("status")
    opener.click()
    with page.expect_request("**/api/v1/articles/**"):
        opener.click()
    expect(waiting).to_have_text("Fetching the article …")
    held[1].fulfill(json={"html": HTML})

    expect(waiting).to_be_hidden()


def test_this_solved_it_confirms_is_told_and_can_be_undone(form):
    page, api = form
    write(page, "forgot password")
    card(page).locator(".suggestion-open").click()
    page.get_by_role("button", name="This solved it").click()

    expect(page.get_by_text("Glad that helped.")).to_be_visible()
    assert api.types() == ["form_started", "suggest_expanded", "form_solved"]
    page.get_by_role("button", name="Undo").click()
    expect(card(page).locator(".suggestion-open")).to_be_focused()
    assert api.events[-1]["reason"] == "undone"


def test_i_still_need_help_closes_goes_back_and_does_not_return(form):
    page, api = form
    write(page, "forgot password")
    card(page).locator(".suggestion-open").click()
    page.get_by_role("button", name="I still need help").click()

    expect(page.locator("#subject")).to_be_focused()
    write(page, " again")
    page.wait_for_timeout(700)
    expect(card(page)).to_have_count(0)
    assert "suggest_rejected" in api.types()


def test_escape_closes_an_open_card_and_keeps_the_place(form):
    page, _ = form
    write(page, "forgot password")
    card(page).locator(".suggestion-open").click()
    page.keyboard.press("Escape")

    expect(card(page).locator(".suggestion-body")).to_be_hidden()
    expect(card(page).locator(".suggestion-open")).to_be_focused()


def test_escape_on_a_closed_card_puts_the_cards_away_and_goes_back_to_the_text(form):
    page, _ = form
    write(page, "forgot password")
    card(page).locator(".suggestion-open").focus()
    page.keyboard.press("Escape")

    expect(page.locator("[data-suggestions]")).to_be_hidden()
    expect(page.locator("#subject")).to_be_focused()
    expect(page.locator("[data-suggestions-status]")).to_have_text("")


def test_answers_out_of_order_show_only_the_latest(form):
    page, api = form
    held: list[Route] = []

    def answer(route: Route, query: str) -> None:
        if query == "par":
            held.append(route)
        else:
            api.suggest(route, PARCEL)

    api.answer = answer
    write(page, "par")
    page.wait_for_timeout(500)
    write(page, "cel")
    expect(card(page, "Your parcel is late")).to_be_visible()
    for route in held:
        try:
            api.suggest(route, RESET)
        except Exception:  # noqa: BLE001 - the browser has given this request up, as it should
            continue
    page.wait_for_timeout(200)

    expect(card(page)).to_have_count(0)


@pytest.mark.parametrize("fault", ["down", "limited", "slow", "nonsense"])
def test_a_search_that_is_not_well_leaves_the_form_as_it_is(form, fault):
    page, api = form
    api.answer = {
        "down": lambda route, q: route.abort(),
        "limited": lambda route, q: route.fulfill(status=429, headers={"Retry-After": "60"}),
        "slow": lambda route, q: None,
        "nonsense": lambda route, q: route.fulfill(body="<html>"),
    }[fault]
    write(page, "The kettle hums")
    write(page, "It hums in B flat.", field="#description")
    write(page, "jana@example.com", field="#email")
    page.wait_for_timeout(900)

    expect(page.locator(".suggestions")).to_be_hidden()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you, we have it")).to_be_visible()


def test_nothing_good_shows_nothing(form):
    page, api = form
    api.answer = lambda route, q: api.suggest(route)
    write(page, "The kettle hums")
    page.wait_for_timeout(600)

    expect(page.locator(".suggestions")).to_be_hidden()


def test_half_composed_characters_ask_nothing(form):
    page, api = form
    page.locator("#subject").dispatch_event("compositionstart")
    write(page, "parcel")
    page.wait_for_timeout(2300)
    assert api.queries == []

    page.locator("#subject").dispatch_event("compositionend")
    page.wait_for_timeout(500)
    assert api.queries == ["parcel"]


def test_a_reload_keeps_what_was_typed_and_sending_forgets_it(form):
    page, _ = form
    write(page, "The kettle hums")
    write(page, "It hums in B flat.", field="#description")
    write(page, "jana@example.com", field="#email")
    page.reload()

    expect(page.locator("#description")).to_have_value("It hums in B flat.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/sent")
    page.goto("/en/contact")
    expect(page.locator("#description")).to_have_value("")


def test_where_the_language_has_no_answer_one_card_in_another_says_so(form):
    page, api = form
    slovak = [{**RESET, "lang": "sk"}, {**PARCEL, "lang": "sk"}]
    api.answer = lambda route, q: route.fulfill(json={"suggestions": [], "fallback": slovak})
    write(page, "forgot password")

    expect(page.locator(".suggestion")).to_have_count(1)
    expect(page.get_by_role("heading", name="In another language")).to_be_visible()
    expect(card(page).get_by_text("Slovak")).to_be_visible()
    expect(card(page).locator(".suggestion-name")).to_have_attribute("lang", "sk")


def test_another_language_is_never_mixed_in(form):
    page, api = form
    api.answer = lambda route, q: route.fulfill(
        json={"suggestions": [RESET], "fallback": [{**PARCEL, "lang": "sk"}]}
    )
    write(page, "forgot password")

    expect(card(page)).to_be_visible()
    expect(page.locator(".suggestion")).to_have_count(1)


def test_once_solved_one_line_remains(form):
    page, api = form
    api.answer = lambda route, q: api.suggest(route, RESET, PARCEL)
    write(page, "forgot password")
    card(page).locator(".suggestion-open").click()
    page.get_by_role("button", name="This solved it").click()

    expect(card(page, "Your parcel is late")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(card(page, "Your parcel is late")).to_be_visible()


def test_who_writes_on_after_it_was_solved_is_helped_on(form):
    page, api = form
    write(page, "forgot password")
    card(page).locator(".suggestion-open").click()
    page.get_by_role("button", name="This solved it").click()
    api.answer = lambda route, q: api.suggest(route, PARCEL)
    write(page, " and parcel")

    expect(card(page, "Your parcel is late")).to_be_visible()
    expect(page.get_by_role("heading", name="Does one of these answer it?")).to_be_visible()


def test_a_card_is_named_by_its_title_and_described_by_its_sentence(form):
    page, _ = form
    write(page, "forgot password")

    button = page.get_by_role("button", name="Reset your password", exact=True)
    expect(button).to_have_accessible_description(re.compile("Ask for a new password"))


def test_a_browser_that_keeps_nothing_is_served_like_any_other(open_page):
    page = open_page("/en/faq")
    page.add_init_script(
        "for (const store of ['sessionStorage', 'localStorage'])"
        " Object.defineProperty(window, store, { get() { throw new DOMException('no'); } });"
    )
    page.goto("/en/contact")
    write(page, "forgot password")

    expect(card(page)).to_be_visible()


def test_without_scripts_the_form_offers_answers_and_sends(open_page):
    page = open_page("/en/contact", java_script_enabled=False)
    page.fill("#subject", "Forgot password")
    page.fill("#description", "Forgot password!")
    page.fill("#email", "jana@example.com")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Send anyway").click()

    expect(page.get_by_text("Request 1001")).to_be_visible()
