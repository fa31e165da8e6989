"""The other way: the ticket is sent, and arrives with all that led to it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import describe, pass_of, read, suggestion, tab_to, take_time

pytestmark = pytest.mark.browser

STORY = "Odkaz na nové heslo mi neprišiel ani dnes."


def fill_in(page: Page) -> None:
    page.fill("#description", STORY)
    page.fill("#email", "jana@example.com")
    page.fill("#name", "Jana Nováková")


def test_a_ticket_travels_to_the_agent_and_the_answer_back(open_page, portal):
    customer = open_page("/sk/contact")
    describe(customer, "neprisiel mi odkaz na obnovenie hesla")
    read(suggestion(customer, "Obnovenie hesla"))
    customer.get_by_role("button", name="Stále potrebujem pomoc").click()
    fill_in(customer)
    take_time(customer)
    customer.get_by_role("button", name="Odoslať").click()
    expect(customer.get_by_text("Žiadosť č. 1001")).to_be_visible()
    customer.get_by_role("link", name="Otvoriť žiadosť").click()
    expect(customer.get_by_text(STORY)).to_be_visible()

    (ticket,) = portal.tickets.list().tickets
    assert (ticket.number, ticket.lang, ticket.name) == (1001, "sk", "Jana Nováková")
    assert portal.recorder.flush()
    agent = open_page("/desk/", cookies=pass_of(portal, "agent"))
    agent.get_by_role("link", name=ticket.subject).click()
    trail = agent.locator(".trail")
    expect(trail.get_by_text("neprisiel mi odkaz").first).to_be_visible()
    expect(trail.locator(".trail-expanded", has_text="Obnovenie hesla")).to_be_visible()
    expect(trail.locator(".trail-rejected", has_text="Obnovenie hesla")).to_be_visible()

    agent.get_by_label("Answer").fill("Poslali sme ho znova.")
    agent.get_by_role("button", name="Send answer").click()
    expect(agent.locator(".message-agent")).to_have_text(re.compile("Poslali sme ho znova."))
    customer.reload()
    expect(customer.get_by_text("Poslali sme ho znova.")).to_be_visible()


def test_without_scripts_sending_comes_first_and_works(open_page, portal):
    page = open_page("/en/contact", java_script_enabled=False)
    page.fill("#subject", "I forgot my password")
    page.fill("#description", "And now I cannot sign in.")
    page.fill("#email", "jana@example.com")
    page.get_by_role("button", name="Send").click()

    expect(page.locator("main button").first).to_have_text("Send anyway")
    expect(page.get_by_role("heading", name="Reset your password")).to_be_visible()
    page.get_by_role("button", name="Send anyway").click()
    expect(page.get_by_text("Request 1001")).to_be_visible()
    assert len(portal.tickets.list().tickets) == 1


def test_without_scripts_an_answer_can_solve_it_too(open_page, portal):
    page = open_page("/en/contact", java_script_enabled=False)
    page.fill("#subject", "I forgot my password")
    page.fill("#description", "And now I cannot sign in.")
    page.fill("#email", "jana@example.com")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Read it here").first.click()
    page.get_by_role("button", name="This solved it").first.click()

    expect(page.get_by_text("Glad that helped")).to_be_visible()
    assert portal.tickets.list().tickets == ()


def test_everything_can_be_done_by_keyboard(open_page, portal):
    page = open_page("/sk/contact")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # over the head of the page
    tab_to(page, page.locator("#subject"))
    page.keyboard.type("zabudol som heslo", delay=15)
    card = suggestion(page, "Obnovenie hesla")
    expect(card).to_be_visible()

    opener = card.locator(".suggestion-open")
    tab_to(page, opener, most=1)
    page.keyboard.press("Enter")
    expect(card.locator(".prose > *").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(card.locator(".suggestion-body")).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Stále potrebujem pomoc"))
    page.keyboard.press("Enter")
    expect(page.locator("#subject")).to_be_focused()

    tab_to(page, page.locator("#description"), most=2)
    page.keyboard.type(STORY)
    tab_to(page, page.locator("#email"))
    page.keyboard.type("jana@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Žiadosť č. 1001")).to_be_visible()


def test_back_and_reload_keep_what_was_typed(open_page):
    page = open_page("/sk/contact")
    describe(page, "zabudol som heslo")
    fill_in(page)

    page.reload()
    expect(page.locator("#description")).to_have_value(STORY)
    page.get_by_role("link", name="Časté otázky").first.click()
    page.wait_for_url("**/faq")
    page.go_back()
    expect(page.locator("#subject")).to_have_value("zabudol som heslo")
    expect(page.locator("#description")).to_have_value(STORY)
    expect(page.locator("#email")).to_have_value("jana@example.com")


def test_searching_first_leads_to_the_form_with_the_words(open_page):
    page = open_page("/sk/")
    page.get_by_role("combobox").fill("qqqwwwzzz")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("Opýtajte sa|Napíšte")).first.click()

    expect(page.locator("#subject")).to_have_value("qqqwwwzzz")
