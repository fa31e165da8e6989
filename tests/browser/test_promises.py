"""What the ticket form promises, one numbered promise after another.

 1. Suggestions sit under the subject, above the description, and are about all that was written.
 2. They are asked for when the writer pauses, and at the latest after two seconds; once per text.
 3. Three cards, of a title, the sentence that matches, the topic and the day; never a whole text.
 4. A card opens in place, at the section that matches; what was typed stays, and where one was.
 5. Nothing good, nothing shown; and nothing moves for long or for those who want it still.
 6. “This solved it” confirms and keeps the text; “I still need help” puts the card away for good.
 7. Sending is never blocked, delayed, hidden or renamed.
 8. When search is down, slow or busy the form works as always.
 9. Whoever switches suggestions off has none.
10. After sending: the number and when to expect an answer, then what may help, and a way back.
11. Suggestions come in the writer's language, or one, labelled, in another.
12. Without scripts the same cards come as a step, with “Send anyway” first.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browsing import served
from tests.cast import an_app, outspoken

pytestmark = pytest.mark.browser

MANY = [
    {
        "id": f"en/account/article-{number}", "slug": f"article-{number}", "lang": "en",
        "title": f"Article {number}", "url": f"/en/articles/article-{number}", "section": "",
        "snippet": "About a <mark>kettle</mark>.", "category": "Account", "updated": "2026-02-01",
        "score": 0.9,
    }
    for number in range(5)
]  # fmt: skip


def cards(page: Page) -> Locator:
    return page.locator("[data-suggestion-list] > *")


def subject(page: Page) -> Locator:
    return page.locator("#subject")


def send_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Send", exact=True)


def fill_in(page: Page) -> None:
    page.fill("#description", "Since yesterday.")
    page.fill("#email", "jana@example.com")


def asked(page: Page) -> list[str]:
    """What the page asks from now on, and the portal answers."""
    queries: list[str] = []

    def note(route: Route) -> None:
        queries.append(route.request.url.split("q=")[1].split("&")[0].replace("+", " "))
        route.continue_()

    page.route("**/api/v1/suggest*", note)
    return queries


def answering(page: Page, **answer: object) -> None:
    page.route("**/api/v1/suggest*", lambda route: route.fulfill(json=answer))


def test_promise_1_suggestions_stand_between_the_subject_and_the_description(open_page):
    page = open_page("/en/contact")
    subject(page).press_sequentially("forgot password")
    expect(cards(page).first).to_be_visible()

    tops = [page.locator(one).bounding_box()["y"]
            for one in ("#subject", "[data-suggestions]", "#description")]  # fmt: skip
    assert tops == sorted(tops)


def test_promise_1_they_are_about_two_hundred_characters_of_the_description_and_the_topic(
    open_page,
):
    page = open_page("/en/contact")
    queries = asked(page)
    page.fill("#description", "x" * 199 + " beyond")
    subject(page).press_sequentially("parcel")
    page.select_option("#category", label="Delivery")
    expect(cards(page).first).to_be_visible()

    assert "x" * 199 in queries[-1]
    assert "beyond" not in queries[-1]
    assert queries[-1].startswith("parcel")
    assert "Delivery" in queries[-1]


def test_promise_2_what_was_asked_ahead_is_shown_when_the_pause_is_over(open_page):
    page = open_page("/en/faq")
    page.clock.install()
    page.goto("/en/contact")
    page.clock.pause_at("2100-01-01")
    subject(page).press_sequentially("parcel")
    with page.expect_response("**/suggest*"):
        page.clock.run_for(210)
    page.clock.run_for(120)
    expect(cards(page)).to_have_count(0)
    page.clock.run_for(40)

    expect(cards(page).first).to_be_visible()


# In the subject the question leaves 150 ms before its pause of 350 is over.
@pytest.mark.parametrize(("field", "pause_ms"), [("#subject", 200), ("#description", 700)])
def test_promise_2_a_pause_asks(open_page, field, pause_ms):
    page = open_page("/en/faq")
    page.clock.install()
    page.goto("/en/contact")
    page.clock.pause_at("2100-01-01")
    queries = asked(page)
    page.locator(field).press_sequentially("parcel")
    page.clock.run_for(pause_ms - 50)
    assert queries == []

    with page.expect_response("**/suggest*"):
        page.clock.run_for(60)
    assert queries == ["parcel"]


def test_promise_2_steady_typing_asks_after_two_seconds(open_page):
    page = open_page("/en/faq")
    page.clock.install()
    page.goto("/en/contact")
    page.clock.pause_at("2100-01-01")
    queries = asked(page)
    for letter in "where is my parcel":
        subject(page).press_sequentially(letter)
        page.clock.run_for(120)

    # The answer about the first letters may still be on its way.
    with page.expect_response("**/suggest?q=where+is+my+parcel&*"):
        page.clock.run_for(400)
    assert len(queries) == 2
    assert queries[0] == "where is my parcel"[: len(queries[0])] != queries[1]


def test_promise_2_what_is_pasted_is_asked_at_once(open_page):
    page = open_page("/en/faq")
    page.clock.install()
    page.goto("/en/contact")
    page.clock.pause_at("2100-01-01")
    subject(page).focus()

    with page.expect_response("**/suggest*"):
        subject(page).evaluate(
            "field => { field.value = 'late parcel'; field.dispatchEvent("
            "new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' })); }"
        )


def test_promise_2_the_same_text_is_asked_about_once(open_page):
    page = open_page("/en/contact")
    queries = asked(page)
    for text in ("parcel", "password", "parcel"):
        subject(page).fill(text)
        subject(page).blur()
        expect(cards(page).first).to_contain_text(re.compile(text, re.IGNORECASE))

    assert queries == ["parcel", "password"]


def test_promise_3_at_most_five_cards_and_no_whole_text(open_page):
    page = open_page("/en/faq")
    answering(page, suggestions=MANY[:3])
    page.goto("/en/contact")
    subject(page).press_sequentially("kettle")

    expect(cards(page)).to_have_count(3)
    first = cards(page).first
    expect(first.locator("mark")).to_have_text("kettle")
    expect(first).to_contain_text("Account")
    expect(first).to_contain_text("2026")
    expect(first.locator(".prose p")).to_have_count(0)


def test_promise_3_three_are_asked_for(open_page):
    page = open_page("/en/contact")
    with page.expect_request("**/suggest*") as one:
        subject(page).press_sequentially("password")

    assert "limit=3" in one.value.url


def test_promise_4_opening_a_card_leaves_the_text_and_the_place(open_page):
    page = open_page("/en/contact", viewport={"width": 390, "height": 700})
    page.fill("#description", "Since yesterday.")
    # What was found for the description alone gives way to what is found for both.
    with page.expect_response("**/suggest?q=the+link+has+expired*"):
        subject(page).press_sequentially("the link has expired")
    page.wait_for_timeout(500)
    opener = cards(page).first.locator("button[aria-expanded]")
    opener.evaluate("button => button.scrollIntoView({ block: 'start' })")
    before = page.evaluate("scrollY"), opener.bounding_box()
    opener.click()
    read = cards(page).first.locator(".prose").get_by_text("Ask for a new password link")
    expect(read).to_be_in_viewport()

    assert (page.evaluate("scrollY"), opener.bounding_box()) == before
    expect(subject(page)).to_have_value("the link has expired")
    expect(page.locator("#description")).to_have_value("Since yesterday.")


def test_promise_4_a_link_says_that_it_opens_a_new_tab(open_page):
    page = open_page("/en/contact")
    subject(page).press_sequentially("forgot password")
    cards(page).first.get_by_role("button", expanded=False).click()
    link = cards(page).first.get_by_role("link", name=re.compile("new tab"))

    with page.context.expect_page() as opened:
        link.click()
    assert "/en/articles/" in opened.value.url
    expect(subject(page)).to_have_value("forgot password")


def test_promise_5_the_send_button_does_not_move_under_the_pointer(open_page):
    page = open_page("/en/contact", viewport={"width": 390, "height": 500})
    held: list[Route] = []
    page.route("**/api/v1/suggest*", lambda route: held.append(route))
    fill_in(page)
    with page.expect_request("**/suggest*"):
        subject(page).press_sequentially("forgot password")
    send_button(page).hover()
    there = send_button(page).bounding_box()
    with page.expect_response("**/suggest*"):
        held[-1].continue_()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    assert send_button(page).bounding_box() == there


def test_promise_5_nothing_moves_for_longer_than_a_fifth_of_a_second(open_page):
    page = open_page("/en/contact")
    subject(page).press_sequentially("forgot password")
    expect(cards(page).first).to_be_visible()

    assert longest_motion_ms(page) <= 200


def test_promise_6_the_text_is_kept_for_a_week(open_page):
    page = open_page("/en/contact")
    subject(page).press_sequentially("forgot password")
    cards(page).first.get_by_role("button", expanded=False).click()
    page.get_by_role("button", name="This solved it").click()
    expect(page.get_by_text("7 days").filter(visible=True)).to_have_count(1)
    page.goto("/en/")
    page.goto("/en/contact")

    expect(subject(page)).to_have_value("forgot password")


def test_promise_6_a_card_that_did_not_help_is_told_and_stays_away(open_page, portal):
    page = open_page("/en/faq", refusals=True)
    answering(page, suggestions=MANY[:2])
    page.goto("/en/contact")
    subject(page).press_sequentially("kettle")
    cards(page).first.get_by_role("button", expanded=False).click()
    with page.expect_response(lambda one: "suggest_rejected" in (one.request.post_data or "")):
        page.get_by_role("button", name="I still need help").click()

    expect(subject(page)).to_be_focused()
    answering(page, suggestions=MANY[:3])
    subject(page).press_sequentially(" please")
    expect(cards(page).get_by_role("heading")).to_have_text(["Article 1", "Article 2"])


def test_promise_6_a_card_does_not_return_with_what_was_found_while_it_was_read(open_page):
    page = open_page("/en/faq", refusals=True)
    answering(page, suggestions=MANY[:2])
    page.goto("/en/contact")
    subject(page).press_sequentially("kettle")
    expect(cards(page)).to_have_count(2)
    held: list[Route] = []
    page.clock.install()
    page.route("**/api/v1/suggest*", lambda route: held.append(route))
    with page.expect_request("**/suggest*"):
        subject(page).press_sequentially(" please")
        page.clock.run_for(400)
    cards(page).first.get_by_role("button", expanded=False).click()
    with page.expect_response("**/suggest*"):
        held[-1].fulfill(json={"suggestions": MANY[:3]})

    page.get_by_role("button", name="I still need help").click()
    expect(cards(page).get_by_role("heading")).to_have_text(["Article 1", "Article 2"])


@pytest.mark.parametrize("moment", ["before", "while asked", "cards", "open", "solved", "undone"])
def test_promise_7_sending_is_always_there_under_its_name_and_works_at_once(open_page, moment):
    page = open_page("/en/contact", refusals=True)
    if moment == "while asked":
        page.route("**/api/v1/suggest*", lambda route: None)
    if moment != "before":
        subject(page).press_sequentially("forgot password")
    if moment in {"cards", "open", "solved", "undone"}:
        expect(cards(page).first).to_be_visible()
    if moment in {"open", "solved", "undone"}:
        cards(page).first.get_by_role("button", expanded=False).click()
    if moment in {"solved", "undone"}:
        page.get_by_role("button", name="This solved it").click()
    if moment == "undone":
        page.get_by_role("button", name="Undo").click()

    expect(send_button(page)).to_be_visible()
    expect(send_button(page)).to_be_enabled()
    page.fill("#subject", "Still locked out")
    fill_in(page)
    send_button(page).click()
    expect(page.get_by_text("Request 1001")).to_be_visible()


@pytest.mark.parametrize("fault", [500, 503, 429])
def test_promise_8_a_search_that_fails_is_not_mentioned(open_page, fault):
    page = open_page("/en/contact", refusals=True)
    page.route("**/api/v1/suggest*", lambda route: route.fulfill(status=fault, body=""))
    with page.expect_response("**/suggest*"):
        subject(page).press_sequentially("forgot password")

    expect(page.locator("[data-suggestions]")).to_be_hidden()
    expect(page.get_by_role("alert")).to_have_count(0)
    fill_in(page)
    send_button(page).click()
    expect(page.get_by_text("Request 1001")).to_be_visible()


def test_promise_9_where_suggestions_are_switched_off_nothing_is_asked(open_page, portal):
    silent = replace(portal, settings=replace(portal.settings, suggestions=False))
    with served(an_app(outspoken(silent), WTF_CSRF_ENABLED=True)) as address:
        page = open_page("/en/contact", base_url=address)
        queries = asked(page)
        page.clock.install()
        subject(page).press_sequentially("forgot password")
        page.clock.run_for(3_000)
        fill_in(page)
        send_button(page).click()

        expect(page.get_by_text("Request 1001")).to_be_visible()
        expect(page.get_by_text("While you wait")).to_have_count(0)
        assert queries == []
        page.goto("about:blank")


def test_promise_10_the_number_comes_first_and_withdrawing_can_be_undone(open_page, portal):
    page = open_page("/en/contact")
    subject(page).press_sequentially("forgot password")
    fill_in(page)
    send_button(page).click()
    number, while_waiting = page.get_by_text("Request 1001"), page.get_by_text("While you wait")
    assert number.bounding_box()["y"] < while_waiting.bounding_box()["y"]
    expect(page.get_by_text("We answer within")).to_be_visible()

    page.get_by_role("button", name="withdraw").first.click()
    expect(page.get_by_text("You withdrew this request")).to_be_visible()
    page.get_by_role("button", name=re.compile("Undo")).click()
    assert portal.tickets.list().tickets[0].status == "open"


def test_promise_10_a_reply_opens_it_again(open_page, portal):
    page = open_page("/en/contact")
    subject(page).press_sequentially("forgot password")
    fill_in(page)
    send_button(page).click()
    page.get_by_role("button", name="withdraw").first.click()
    page.locator("#body").fill("It does not work after all.")
    page.locator("form:has(#body)").get_by_role("button", name="Send").click()
    expect(page.get_by_text("It does not work after all.")).to_be_visible()

    assert portal.tickets.list().tickets[0].status == "open"


def test_promise_11_the_page_says_which_language_it_asks_in(open_page):
    page = open_page("/sk/contact")
    with page.expect_response("**/suggest*") as one:
        subject(page).press_sequentially("obnovenie hesla")

    assert "lang=sk" in one.value.url
    assert {found["lang"] for found in one.value.json()["suggestions"]} == {"sk"}
    expect(cards(page).first).to_contain_text("Obnovenie hesla")


def test_promise_11_one_card_in_another_language_is_labelled(open_page):
    page = open_page("/en/faq")
    answering(page, suggestions=[], fallback=[{**one, "lang": "sk"} for one in MANY])
    page.goto("/en/contact")
    subject(page).press_sequentially("kettle")

    expect(cards(page)).to_have_count(1)
    expect(cards(page)).to_contain_text("Slovak")
    expect(page.get_by_role("heading", name="In another language")).to_be_visible()


def test_promise_12_without_scripts_send_anyway_comes_first(open_page):
    page = open_page("/en/contact", java_script_enabled=False)
    page.fill("#subject", "Forgot password")
    fill_in(page)
    send_button(page).click()

    expect(page.locator("main").get_by_role("button").first).to_have_text("Send anyway")
    expect(page.get_by_role("heading", name="Reset your password")).to_be_visible()
    page.get_by_role("button", name="Send anyway").click()
    expect(page.get_by_text("Request 1001")).to_be_visible()


def longest_motion_ms(page: Page) -> float:
    """The longest animation or transition that anything on the page could run."""
    times = page.evaluate(
        """() => [...document.querySelectorAll("*")].flatMap((one) => {
          const style = getComputedStyle(one);
          return [style.transitionDuration, style.animationDuration];
        })"""
    )
    found = {part.strip() for one in json.loads(json.dumps(times)) for part in one.split(",")}
    return max(float(one.removesuffix("s")) for one in found) * 1000
