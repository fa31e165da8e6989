"""After sending, in a browser: withdraw, undo, open again, rate, and all of it without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.tickets import desk
from kbportal.tickets.model import Verdict
from kbportal.wiring import Portal
from tests.browser.test_accessibility import AXE, faults
from tests.journeys.people import tab_to

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def sent(request: pytest.FixtureRequest, open_page: Callable[..., Page]) -> Page:
    """The page after sending, reached by the form."""
    page = open_page("/en/contact", java_script_enabled=request.param)
    page.fill("#subject", "I forgot my password")
    page.fill("#description", "And now I cannot sign in.")
    page.fill("#email", "jana@example.com")
    page.get_by_role("button", name="Send").click()
    if not request.param:
        page.get_by_role("button", name="Send anyway").click()
    page.wait_for_url("**/sent")
    return page


def answered(portal: Portal) -> None:
    """An agent answers and solves it."""
    ticket = portal.tickets.by_number(1001)
    assert ticket
    message, now = new_id(), utc_now()
    desk.answer(
        portal.tickets, ticket, message_id=message, author="Petra", body="Look here.", now=now
    )
    desk.resolve(portal.tickets, ticket, article_id=None, now=now, message_id=message)


def test_number_and_reply_time_are_the_first_things_to_see(sent: Page):
    number = sent.get_by_text("Request 1001").bounding_box()
    time = sent.get_by_text("We answer within 24 hours").bounding_box()
    meanwhile = sent.get_by_role("heading", name="While you wait").bounding_box()

    assert number
    assert time
    assert meanwhile
    assert number["y"] < time["y"] < meanwhile["y"]
    assert time["y"] + time["height"] < 900


def test_an_article_helps_and_the_request_is_withdrawn_and_taken_up_again(
    sent: Page, portal: Portal
):
    card = sent.locator(".answer-card").first
    card.get_by_text("Read it here").click()
    expect(card.locator(".prose > *").first).to_be_visible()
    card.get_by_role("button", name="This helped: withdraw my request").click()
    expect(sent.get_by_text("You withdrew this request")).to_be_visible()
    expect(sent.get_by_role("link", name="Reset your password")).to_be_visible()

    sent.get_by_role("button", name="Undo: I still need help").click()

    expect(sent.get_by_text("We are on it")).to_be_visible()
    ticket = portal.tickets.by_number(1001)
    assert ticket
    assert (str(ticket.status), ticket.solved_by_article) == ("open", None)


def test_a_withdrawn_request_is_opened_by_any_reply(sent: Page):
    sent.get_by_role("link", name="Open my request").click()
    sent.get_by_role("button", name="Withdraw it").click()
    sent.get_by_label("Write again").fill("Sorry, it does not work.")
    sent.get_by_role("button", name="Send").click()

    expect(sent.get_by_text("We are on it")).to_be_visible()
    expect(sent.get_by_text("Sorry, it does not work.")).to_be_visible()


def test_the_help_is_rated_and_rated_anew(sent: Page, portal: Portal):
    answered(portal)
    sent.get_by_role("link", name="Open my request").click()
    sent.get_by_label("Partly").check()
    sent.get_by_label(re.compile("What could we do better")).fill("Faster, please.")
    sent.get_by_role("button", name="Tell us").click()
    expect(sent.get_by_text("Thank you for telling us")).to_be_visible()

    sent.get_by_role("radio", name="Yes").check()
    sent.get_by_role("button", name="Change it").click()
    expect(sent.get_by_role("radio", name="Yes")).to_be_checked()

    ticket = portal.tickets.by_number(1001)
    assert ticket
    rating = portal.tickets.rating(ticket.id)
    assert rating
    assert (rating.verdict, rating.comment) == (Verdict.YES, "Faster, please.")


def test_a_solved_request_is_opened_again_by_a_button(sent: Page, portal: Portal):
    answered(portal)
    sent.get_by_role("link", name="Open my request").click()

    sent.get_by_role("button", name="Open it again").click()

    expect(sent.get_by_text("We are on it")).to_be_visible()


def test_a_new_address_ends_the_old_one_and_leads_to_the_way_back(
    open_page: Callable[..., Page], portal: Portal
):
    page = open_page("/en/contact", refusals=True)
    page.fill("#subject", "I forgot my password")
    page.fill("#description", "And now I cannot sign in.")
    page.fill("#email", "jana@example.com")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Open my request").click()
    old = page.url
    page.get_by_text("The link to this page").click()
    page.get_by_role("button", name="Make a new link").click()
    expect(page.get_by_text("Received")).to_be_visible()
    assert page.url.partition("#")[0] != old

    page.goto(old)
    page.get_by_role("link", name="Send me the links").click()
    page.get_by_label("Your e-mail address").fill("jana@example.com")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("This portal cannot send e-mail yet")


def test_a_rating_is_given_by_keyboard(open_page: Callable[..., Page], portal: Portal):
    page = open_page("/en/contact")
    page.fill("#subject", "I forgot my password")
    page.fill("#description", "And now I cannot sign in.")
    page.fill("#email", "jana@example.com")
    page.get_by_role("button", name="Send").click()
    answered(portal)
    page.get_by_role("link", name="Open my request").click()

    tab_to(page, page.get_by_role("radio", name="Yes"))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="Tell us"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("radio", name="Partly")).to_be_checked()


@pytest.mark.parametrize("state", ["withdrawn", "solved", "ended", "again", "asked"])
def test_axe_finds_nothing_in_any_state(open_page: Callable[..., Page], portal: Portal, state: str):
    page = open_page("/en/contact", refusals=True, reduced_motion="reduce")
    page.fill("#subject", "I forgot my password")
    page.fill("#description", "And now I cannot sign in.")
    page.fill("#email", "jana@example.com")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Open my request").click()
    reach(state, page, portal)
    page.evaluate(AXE.read_text(encoding="utf-8"))

    assert faults(page) == {}


def reach(state: str, page: Page, portal: Portal) -> None:
    """Bring the page of a new ticket into a state."""
    if state == "withdrawn":
        page.get_by_role("button", name="Withdraw it").click()
    elif state == "solved":
        answered(portal)
        page.reload()
        page.get_by_text("The link to this page").click()
        page.get_by_role("button", name="Tell us").click()
        expect(page.get_by_text("Please choose one of these.")).to_be_visible()
    elif state == "ended":
        old = page.url
        page.get_by_text("The link to this page").click()
        page.get_by_role("button", name="Make a new link").click()
        page.goto(old)
    else:
        page.goto("/en/tickets" if state == "again" else "/en/tickets/asked")
