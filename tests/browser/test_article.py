"""Reading an article: finding one's way in it, copying from it, saying what was wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from kbportal.kernel.clock import utc_now
from kbportal.settings import Settings
from kbportal.wiring import Portal, build_index, read_articles
from tests.browser.test_accessibility import AXE, faults
from tests.cast import a_portal
from tests.pictures import a_picture, put
from tests.rooms.help.forms import recorded

pytestmark = pytest.mark.browser

PAGE = "/en/articles/long"
PHONE = {"width": 320, "height": 640}
COLUMNS = ("Country", "Carrier", "Standard", "Express", "Free from", "Return label")
FILLER = "\n\n".join("A sentence that takes its room on the page." for _ in range(12))
LONG = f"""---
title: Everything about parcels
summary: What an article can hold.
updated: 2026-02-02
---
First words.

## Pictures

![A label](label.png)

## Code

```sh
curl -s https://help.example.com/api/v1/suggest?q=where+is+my+order&lang=en&limit=3 --compressed
```

{FILLER}

## Prices

| {" | ".join(COLUMNS)} |
|{"---|" * len(COLUMNS)}
| {" | ".join("a value of some length" for _ in COLUMNS)} |

!!! warning
    Prices change.

{FILLER}

## Short end

<details>
<summary>For older parcels</summary>

They are old.

</details>
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("articles")
    put(root, "lib/en/parcels/long.md", LONG.encode())
    put(root, "lib/en/parcels/label.png", a_picture(size=(900, 600), colour=120))
    put(root, "lib/en/parcels/other.md", b"---\ntitle: Other parcels\n---\nOther words.\n")
    put(root, "lib/sk/parcels/other.md", "---\ntitle: Iné balíky\n---\nInak.\n".encode())
    settings = replace(
        Settings(), articles=root / "lib", indexes=root / "x", languages=("en", "sk"),
        model="none",
    )  # fmt: skip
    build_index(settings, read_articles(settings), now=utc_now())
    return settings


@pytest.fixture
def portal(library: Settings, tmp_path: Path) -> Iterator[Portal]:
    portal = a_portal(library, instance=tmp_path / "instance")
    yield portal
    portal.close()


def comments(portal: Portal) -> list[tuple[str, str]]:
    now = utc_now()
    found = portal.comments.newest(now - timedelta(days=1), now + timedelta(days=1))
    return [(one.reason, one.text) for one in found]


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_the_contents_list_stays_beside_the_text_and_says_where_one_is(open_page):
    page = open_page(PAGE)
    contents = page.locator("[data-contents]")
    here = contents.locator("[aria-current]")
    expect(here).to_have_text("Pictures")

    page.locator("#prices").evaluate("one => one.scrollIntoView()")
    expect(here).to_have_text("Prices")
    expect(contents).to_be_in_viewport()

    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(here).to_have_text("Short end")


def test_on_a_phone_the_contents_list_is_folded_and_opens_by_keyboard(open_page):
    page = open_page(PAGE, viewport=PHONE)
    folded = page.locator(".contents-narrow")
    expect(page.locator("[data-contents]")).to_be_hidden()
    expect(folded.get_by_role("link", name="Prices")).to_be_hidden()

    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    folded.get_by_role("link", name="Prices").press("Enter")

    expect(page).to_have_url(re.compile("#prices$"))
    expect(page.locator("#prices")).to_be_in_viewport()


def test_code_is_copied_as_it_is_and_that_is_said(open_page):
    page = open_page(PAGE, permissions=["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy", exact=True).click()

    expect(page.locator("[data-said]")).to_have_text("Copied")
    assert clipboard(page).startswith("curl -s https://help.example.com/")
    assert clipboard(page).rstrip().endswith("--compressed")


def test_a_button_pressed_twice_finds_its_word_again(open_page):
    page = open_page(PAGE, permissions=["clipboard-read", "clipboard-write"])
    word = page.locator("[data-copy-address] [data-word]")
    usual = word.inner_text()
    page.clock.install()
    for _ in range(2):
        page.locator("[data-copy-address]").click()
        expect(word).to_have_text("Copied")
    page.wait_for_timeout(100)
    page.clock.run_for(2_500)

    expect(word).to_have_text(usual)


def test_what_could_not_be_copied_is_not_said_to_be(open_page):
    page = open_page(PAGE)
    page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('no')), 0")

    page.get_by_role("button", name="Copy", exact=True).click()

    assert page.evaluate("getSelection().toString()").startswith("curl -s")
    expect(page.locator("[data-said]")).to_have_text("")


def test_a_section_has_a_link_to_copy_and_keeps_its_name(open_page):
    page = open_page(PAGE, permissions=["clipboard-read", "clipboard-write"])

    page.get_by_role("link", name="Link to this section: Prices").click()

    expect(page.locator("[data-said]")).to_have_text("Copied")
    assert clipboard(page).endswith(f"{PAGE}#prices")
    expect(page.get_by_role("heading", name="Prices", exact=True)).to_be_visible()


def test_a_wide_table_scrolls_within_its_own_frame_by_keyboard(open_page):
    page = open_page(PAGE, viewport=PHONE)
    table = page.get_by_role("group", name="Table: Prices")

    table.focus()
    page.keyboard.press("ArrowRight")

    expect(table).not_to_have_js_property("scrollLeft", 0)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_nothing_moves_when_a_picture_arrives(open_page):
    page = open_page("/en/")
    waiting: list[Route] = []
    page.route("**/media/*", lambda route: waiting.append(route))
    page.goto(PAGE, wait_until="domcontentloaded")
    picture, below = page.locator(".prose img"), page.locator("#code")
    picture.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    before = below.bounding_box()

    for route in waiting:
        route.continue_()
    expect(picture).to_have_js_property("naturalWidth", 900)

    assert waiting
    assert below.bounding_box() == before


def test_who_says_no_may_say_why_in_words(open_page, portal: Portal):
    page = open_page(PAGE)

    page.get_by_role("link", name="No", exact=True).click()
    page.get_by_label("Something is missing").check()
    page.get_by_label("What should we change?").fill("The price for islands.")
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_text("Thank you. It helps us")).to_be_focused()
    assert comments(portal) == [("missing", "The price for islands.")]
    assert [(one.value, one.reason) for one in recorded(portal, "article_voted")] == [
        ("no", "missing")
    ]


def test_back_to_a_page_that_was_put_aside_finds_the_answer_given(open_page, portal: Portal):
    page = open_page(PAGE)
    page.get_by_role("link", name="No", exact=True).click()
    with page.expect_response("**/events"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(page.get_by_text("Thank you. It helps us")).to_be_visible()
    expect(page.get_by_label("What should we change?")).to_be_hidden()


def test_a_comment_that_cannot_be_sent_stays_and_can_be_sent_again(open_page, portal: Portal):
    page = open_page(PAGE, refusals=True)
    page.get_by_role("link", name="No", exact=True).click()
    field = page.get_by_label("What should we change?")
    field.fill("The price for islands.")

    page.context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Your text is still here")
    expect(field).to_have_value("The price for islands.")

    page.context.set_offline(False)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you. It helps us")).to_be_visible()
    assert comments(portal) == [("", "The price for islands.")]


def test_without_scripts_one_can_say_why_too(open_page, portal: Portal):
    page = open_page(PAGE, java_script_enabled=False)

    page.get_by_role("link", name="No", exact=True).click()
    page.get_by_label("What should we change?").fill("Islands!")
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_text("Thank you. It helps us")).to_be_visible()
    assert comments(portal) == [("", "Islands!")]


def test_paper_shows_the_text_whole_and_nothing_to_press(open_page):
    page = open_page(PAGE)
    page.set_viewport_size({"width": 700, "height": 900})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    for gone in (".vote", ".contents", ".copy-code", ".contact-band", ".top-links"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.get_by_text("They are old.")).to_be_visible()
    expect(page.locator(".print-address")).to_contain_text(PAGE)
    for box in (".table-scroll", ".prose pre"):
        assert page.locator(box).evaluate("one => one.scrollWidth <= one.clientWidth + 1")


def test_a_language_without_this_article_offers_those_that_have_it(open_page):
    page = open_page(PAGE)

    page.locator("[data-menu] summary").click()
    page.get_by_role("link", name="slovenčina").click()

    expect(page).to_have_url(re.compile("/sk/articles/long$"))
    expect(page.get_by_role("search").first).to_be_visible()
    page.get_by_role("link", name="Everything about parcels").click()
    expect(page).to_have_url(re.compile(f"{PAGE}$"))


@pytest.mark.parametrize("said_no", [False, True])
def test_axe_finds_nothing_in_an_article_that_holds_everything(open_page, said_no):
    page = open_page(PAGE, reduced_motion="reduce")
    if said_no:
        page.get_by_role("link", name="No", exact=True).click()
    page.evaluate(AXE.read_text(encoding="utf-8"))

    assert faults(page) == {}
