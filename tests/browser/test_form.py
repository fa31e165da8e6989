"""The ticket form as people use it: nothing they type is lost, whatever goes wrong around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Route, expect

from kbportal.articles.forms import FORMS_FILE
from kbportal.kernel.clock import utc_now
from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.cast import write_library
from tests.files import LOG, a_picture

pytestmark = pytest.mark.browser

STORY = "It hums in B flat."
FORMS = """\
order:
  topics: [delivery]
  label: {en: Order number}
"""


@pytest.fixture
def indexed(indexed: Settings, tmp_path: Path) -> Settings:
    """The same library with a further question for its topic on delivery."""
    folder = write_library(tmp_path / "articles")
    (folder / FORMS_FILE).write_text(FORMS, encoding="utf-8")
    return replace(indexed, articles=folder)


def write(page: Page, text: str = STORY, *, field: str = "#description") -> None:
    page.locator(field).press_sequentially(text, delay=5)


def written(page: Page, text: str = STORY) -> None:
    """Type, and wait until it is kept."""
    with page.expect_response(lambda one: one.url.endswith("/contact/draft") and one.ok):
        write(page, text)


def fill_in(page: Page) -> None:
    """What must be said, and nothing else."""
    page.fill("#subject", "The kettle hums")
    page.fill("#description", STORY)
    page.fill("#email", "jana@example.com")


def send(page: Page) -> None:
    page.locator("[data-send]").click()


def choose(page: Page, name: str, content: bytes) -> None:
    with page.expect_response(lambda one: one.url.endswith("/contact/files")):
        page.locator("#files").set_input_files(
            [{"name": name, "mimeType": "application/octet-stream", "buffer": content}]
        )


def another_tab(page: Page, path: str = "/en/contact") -> Page:
    tab = page.context.new_page()
    tab.goto(path)
    return tab


def test_days_later_the_same_browser_goes_on_where_it_stopped(open_page):
    page = open_page("/en/contact")
    written(page)
    state = page.context.storage_state()
    state["origins"] = []  # a crash leaves the cookies, and nothing of the tab
    later = page.context.browser.new_context(storage_state=state)
    again = later.new_page()
    again.goto(page.url)

    expect(again.locator("#description")).to_have_value(STORY)
    expect(again.get_by_text("is still here")).to_be_visible()
    again.get_by_role("link", name="Start with an empty form").click()
    expect(again.locator("#description")).to_have_value("")
    later.close()


def test_a_draft_can_be_deleted(open_page):
    page = open_page("/en/contact")
    written(page)
    page.goto("/en/faq")
    page.goto("/en/contact")
    page.get_by_role("button", name="Delete it").click()

    expect(page.locator("#description")).to_have_value("")
    expect(another_tab(page).locator("#description")).to_have_value("")


def test_a_reload_keeps_every_field_even_those_that_no_server_sees(open_page):
    page = open_page("/en/contact")
    write(page)
    page.fill("#name", "Jana")
    page.fill("#email", "jana@example.com")
    page.reload()

    expect(page.locator("#description")).to_have_value(STORY)
    expect(page.locator("#name")).to_have_value("Jana")
    expect(page.locator("#email")).to_have_value("jana@example.com")


def test_a_script_that_did_not_arrive_is_asked_for_again(open_page):
    page = open_page("/en/contact", refusals=True)
    page.route("**/draft*.js", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda one: "draft" in one.url):
        write(page, "It")
    page.unroute("**/draft*.js")

    written(page, " hums")


def test_a_file_is_removed_even_where_the_script_for_it_does_not_arrive(open_page):
    page = open_page("/en/contact", refusals=True)
    choose(page, "kettle.log", LOG)
    written(page)
    page.route("**/files*.js", lambda route: route.abort())
    page.reload()
    page.locator("[data-file]", has_text="kettle.log").get_by_role("button").click()

    expect(page.locator("[data-file]")).to_have_count(0)
    expect(page.locator("#description")).to_have_value(STORY)


def test_words_written_while_a_slow_draft_is_kept_are_kept_next(open_page):
    page = open_page("/en/faq")
    page.clock.install()
    page.goto("/en/contact")
    held: list[Route] = []
    page.route("**/contact/draft", lambda route: held.append(route))
    with page.expect_request("**/contact/draft"):
        write(page)
        page.wait_for_function("document.querySelector('#description').value.length > 17")
        page.clock.run_for(2_000)
    write(page, " So loud.")
    page.clock.run_for(2_000)
    with page.expect_response("**/contact/draft"):
        held[0].continue_()

    with page.expect_request("**/contact/draft") as next_one:
        page.wait_for_timeout(200)
        page.clock.run_for(2_000)
    assert "So+loud" in (next_one.value.post_data or "")


def test_two_tabs_keep_a_text_each(open_page, portal: Portal):
    first = open_page("/en/contact", refusals=True)
    written(first)
    second = another_tab(first)
    expect(second.locator("#description")).to_have_value(STORY)
    written(second, " So loud.")
    with first.expect_response(lambda one: one.url.endswith("/contact/draft") and one.ok):
        write(first, " So soft.")

    expect(first.get_by_text("This form is open twice.")).to_be_visible()
    assert first.input_value("[name=draft]") != second.input_value("[name=draft]")
    for page, words in ((first, "So soft."), (second, "So loud.")):
        expect(page.locator("#description")).to_have_value(re.compile(words))
        page.reload()
        expect(page.locator("#description")).to_have_value(re.compile(words))


def test_a_page_whose_token_is_too_old_goes_on_keeping(open_page):
    page = open_page("/en/contact", refusals=True)
    page.evaluate("document.querySelector('[name=csrf_token]').value = 'old'")
    written(page)

    page.fill("#subject", "The kettle hums")
    page.fill("#email", "jana@example.com")
    send(page)
    expect(page.get_by_text("Thank you, we have it")).to_be_visible()


def test_a_session_that_has_ended_costs_one_more_press_and_no_word(open_page, portal: Portal):
    page = open_page("/en/contact", refusals=True)
    page.fill("#subject", "The kettle hums")
    write(page)
    page.fill("#email", "jana@example.com")
    page.context.clear_cookies()
    page.evaluate("document.querySelector('[name=csrf_token]').value = 'old'")
    send(page)
    expect(page.get_by_text("Nothing is lost")).to_be_visible()
    expect(page.locator("#description")).to_have_value(STORY)
    send(page)

    expect(page.get_by_text("Thank you, we have it")).to_be_visible()
    assert len(portal.tickets.list().tickets) == 1


@pytest.mark.parametrize("fault", ["offline", "limited", "broken"])
def test_a_server_that_keeps_nothing_is_not_noticed(open_page, fault: str):
    page = open_page("/en/contact", refusals=True)
    answer: dict[str, Callable[[Route], None]] = {
        "offline": lambda route: route.abort(),
        "limited": lambda route: route.fulfill(status=429),
        "broken": lambda route: route.fulfill(status=500, body="<html>"),
    }
    page.route("**/contact/draft", answer[fault])
    page.route("**/api/v1/suggest*", answer[fault])
    page.fill("#subject", "The kettle hums")
    with page.expect_request("**/contact/draft"):
        write(page)
    page.fill("#email", "jana@example.com")

    expect(page.locator("[role=alert]:visible")).to_have_count(0)
    page.reload()
    expect(page.locator("#description")).to_have_value(STORY)
    send(page)
    expect(page.get_by_text("Thank you, we have it")).to_be_visible()


def test_a_double_press_is_one_ticket(open_page, portal: Portal):
    page = open_page("/en/contact")
    fill_in(page)
    page.locator("[data-send]").dblclick()
    expect(page.get_by_text("Thank you, we have it")).to_be_visible()

    assert len(portal.tickets.list().tickets) == 1


def test_what_was_sent_does_not_come_back(open_page, portal: Portal):
    page = open_page("/en/contact")
    page.fill("#subject", "The kettle hums")
    written(page)
    page.fill("#email", "jana@example.com")
    send(page)
    expect(page.get_by_text("Thank you, we have it")).to_be_visible()

    page.goto("/en/contact")
    expect(page.locator("#description")).to_have_value("")


def test_back_to_a_page_that_was_put_aside_does_not_bring_back_what_was_sent(open_page):
    page = open_page("/en/contact")
    page.fill("#subject", "The kettle hums")
    written(page)
    page.fill("#email", "jana@example.com")
    # What a browser does that puts the page aside as it is: tests have none that does.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    sent = another_tab(page)
    expect(sent.locator("#description")).to_have_value(STORY)
    sent.fill("#email", "jana@example.com")
    send(sent)
    expect(sent.get_by_text("Thank you, we have it")).to_be_visible()
    page.evaluate("sessionStorage.removeItem('kb:contact')")  # as the page after sending does

    with page.expect_navigation():
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator("#description")).to_have_value("")


def test_back_to_a_page_that_was_put_aside_unsent_finds_it_as_it_was(open_page):
    page = open_page("/en/contact")
    written(page)
    page.evaluate(
        """() => {
            dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
            window.stillHere = true;
            dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        }"""
    )
    page.wait_for_timeout(200)

    assert page.evaluate("stillHere")
    expect(page.locator("#description")).to_have_value(STORY)


def test_a_paste_asks_at_once(open_page):
    page = open_page("/en/contact")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('forgot password')")
    page.locator("#subject").focus()
    with page.expect_request("**/api/v1/suggest*", timeout=3000) as asked:
        page.keyboard.press("Control+V")

    assert "forgot+password" in asked.value.url


def test_steady_typing_is_asked_about_before_it_ends(open_page):
    page = open_page("/en/contact")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "suggest" in one.url else None)
    page.locator("#subject").press_sequentially("i forgot my password again " * 2, delay=60)

    assert asked


def test_an_answer_that_takes_longer_than_a_moment_is_not_shown(open_page):
    page = open_page("/en/contact", refusals=True)
    held: list[Route] = []
    page.route("**/api/v1/suggest*", lambda route: held.append(route))
    with page.expect_event("requestfailed", lambda one: "suggest" in one.url):
        write(page, "forgot password", field="#subject")
    page.unroute("**/api/v1/suggest*")
    for route in held:
        with suppress(Error):  # the page has given it up
            route.continue_()

    expect(page.locator(".suggestion")).to_have_count(0)
    write(page, " again", field="#subject")
    expect(page.locator(".suggestion").first).to_be_visible()


def test_the_topic_is_part_of_the_question(open_page):
    page = open_page("/en/contact")
    page.fill("#subject", "late again")
    with page.expect_request(lambda one: "Delivery" in one.url):
        page.select_option("#category", "delivery")


def test_a_further_question_appears_with_its_topic_and_goes_with_it(open_page, portal: Portal):
    page = open_page("/en/contact")
    expect(page.get_by_label("Order number")).to_be_hidden()
    page.select_option("#category", "delivery")
    page.get_by_label("Order number").fill("KW-1")
    page.select_option("#category", "account")
    expect(page.get_by_label("Order number")).to_be_hidden()
    page.select_option("#category", "delivery")
    expect(page.get_by_label("Order number")).to_have_value("KW-1")
    fill_in(page)
    send(page)
    expect(page.get_by_text("Thank you, we have it")).to_be_visible()

    (ticket,) = portal.tickets.list().tickets
    assert [one.value for one in ticket.answers] == ["KW-1"]


def test_back_from_an_article_finds_the_form_as_it_was(open_page):
    page = open_page("/en/contact")
    page.locator("#subject").press_sequentially("forgot password", delay=10)
    write(page)
    expect(page.locator(".suggestion").first).to_be_visible()
    page.goto("/en/articles/reset-password")
    page.go_back()

    expect(page.locator("#subject")).to_have_value("forgot password")
    expect(page.locator("#description")).to_have_value(STORY)
    expect(page.locator(".suggestion").first).to_be_visible()


def test_a_form_that_is_left_twice_untouched_is_told_once(open_page):
    page = open_page("/en/contact")
    told: list[str] = []
    page.on("request", lambda one: told.append(one.post_data or ""))
    for words, quits in ((STORY, 1), (" So loud.", 2)):
        write(page, words)
        for _ in range(2):
            page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
        page.wait_for_timeout(300)

        assert sum("form_quit" in one for one in told) == quits


def test_files_are_taken_at_once_and_can_be_removed(open_page, portal: Portal):
    page = open_page("/en/contact")
    choose(page, "kettle.log", LOG)
    choose(page, "kettle.png", a_picture())
    expect(page.locator("[data-file]")).to_have_count(2)
    assert page.evaluate("document.querySelector('#files').files.length") == 0
    page.locator("[data-file]", has_text="kettle.log").get_by_role("button").click()
    expect(page.locator("[data-file]")).to_have_count(1)

    fill_in(page)
    page.locator("#email").press("Enter")
    expect(page.get_by_text("Thank you, we have it")).to_be_visible()
    (ticket,) = portal.tickets.list().tickets
    assert [one.name for one in portal.attachments.of_ticket(ticket.id)] == ["kettle.png"]


def test_a_file_that_is_not_taken_is_named(open_page):
    page = open_page("/en/contact")
    choose(page, "drawing.svg", b"<svg/>")

    expect(page.get_by_text("“drawing.svg” cannot be added")).to_be_visible()
    expect(page.locator("[data-file]")).to_have_count(0)


def test_a_file_that_is_not_taken_is_named_though_the_next_one_is(open_page):
    page = open_page("/en/contact")
    page.locator("#files").set_input_files(
        [
            {"name": name, "mimeType": "text/plain", "buffer": LOG}
            for name in ("drawing.svg", "kettle.log", "drawing.exe")
        ]
    )

    expect(page.locator("[data-file]")).to_have_count(1)
    expect(page.get_by_text("“drawing.exe” cannot be added")).to_be_visible()
    expect(page.get_by_text("“drawing.svg” cannot be added")).to_be_visible()
    choose(page, "other.log", LOG)
    expect(page.get_by_text("cannot be added")).to_have_count(0)


def test_a_file_that_could_not_be_taken_goes_along_with_the_form(open_page, portal: Portal):
    page = open_page("/en/contact", refusals=True)
    page.route("**/contact/files", lambda route: route.abort())
    page.locator("#files").set_input_files(
        [{"name": "kettle.log", "mimeType": "text/plain", "buffer": LOG}]
    )
    expect(page.get_by_text("It goes along when you send.")).to_be_visible()
    fill_in(page)
    send(page)

    expect(page.get_by_text("Thank you, we have it")).to_be_visible()
    (ticket,) = portal.tickets.list().tickets
    assert [one.name for one in portal.attachments.of_ticket(ticket.id)] == ["kettle.log"]


def paste(page: Page, content: bytes) -> None:
    """A picture into the description, as a browser calls every picture that is pasted."""
    page.locator("#description").focus()
    page.evaluate(
        """bytes => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "image.png", {type: "image/png"}));
            const event = new ClipboardEvent("paste", {
                clipboardData: data, bubbles: true, cancelable: true,
            });
            document.querySelector("#description").dispatchEvent(event);
        }""",
        list(content),
    )


def test_a_pasted_screenshot_becomes_a_file(open_page):
    page = open_page("/en/contact")
    with page.expect_response(lambda one: one.url.endswith("/contact/files")):
        paste(page, a_picture())

    expect(page.locator("[data-file]", has_text="screenshot-")).to_have_count(1)


def test_a_pasted_screenshot_goes_along_where_the_script_for_it_does_not_arrive(
    open_page, portal: Portal
):
    page = open_page("/en/faq", refusals=True)
    page.route("**/files*.js", lambda route: route.abort())
    page.goto("/en/contact")
    paste(page, a_picture())
    fill_in(page)
    send(page)

    expect(page.get_by_text("Thank you, we have it")).to_be_visible()
    (ticket,) = portal.tickets.list().tickets
    assert len(portal.attachments.of_ticket(ticket.id)) == 1


def test_a_file_that_a_server_finds_too_large_is_named_and_does_not_hinder_sending(
    open_page, portal: Portal
):
    page = open_page("/en/contact", refusals=True)
    page.route("**/contact/files", lambda route: route.fulfill(status=413, body="<h1>413</h1>"))
    choose(page, "film.log", LOG)

    expect(page.get_by_text("“film.log” is too large to be sent")).to_be_visible()
    assert page.evaluate("document.querySelector('#files').files.length") == 0


def test_a_file_beyond_the_limit_is_not_even_sent(open_page):
    page = open_page("/en/contact")
    page.locator("[data-files]").evaluate("box => (box.dataset.most = '100')")
    page.locator("#files").set_input_files(
        [{"name": "film.log", "mimeType": "text/plain", "buffer": LOG}]
    )

    expect(page.get_by_text("“film.log” is larger than 10 MB")).to_be_visible()
    assert page.evaluate("document.querySelector('#files').files.length") == 0


def test_files_of_a_form_that_was_left_are_there_again(open_page):
    page = open_page("/en/contact")
    choose(page, "kettle.log", LOG)
    written(page)
    page.goto("/en/faq")

    expect(another_tab(page).locator("[data-file]", has_text="kettle.log")).to_have_count(1)


def test_this_solved_it_keeps_the_words_for_a_week(open_page, portal: Portal):
    page = open_page("/en/contact")
    page.locator("#subject").press_sequentially("forgot password", delay=10)
    page.locator(".suggestion-open").first.click()
    with page.expect_response(lambda one: one.url.endswith("/contact/draft") and one.ok):
        page.get_by_role("button", name="This solved it").first.click()
    page.context.clear_cookies(name="kb_session")

    expect(another_tab(page).locator("#subject")).to_have_value("forgot password")
    assert portal.drafts.purge(utc_now()) == 0
