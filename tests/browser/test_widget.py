"""The widget on a page of another site: two origins, two servers, one real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask
from playwright.sync_api import Frame, FrameLocator, Page, expect

from kbportal.cli.demo import demo_server
from kbportal.web import portal as portal_door
from kbportal.wiring import Portal
from tests.browser.test_accessibility import AXE
from tests.browsing import served
from tests.cast import an_app, outspoken
from tests.rooms.help.forms import recorded

pytestmark = pytest.mark.browser


@pytest.fixture
def app(portal: Portal) -> Flask:
    return an_app(outspoken(portal), WTF_CSRF_ENABLED=True)


@pytest.fixture
def help_centre(app: Flask) -> Iterator[str]:
    """The portal, at 127.0.0.1."""
    with served(app) as address:
        yield address


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[str]:
    """The address of a site at localhost: another site than 127.0.0.1 to every browser."""
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def list_site(app: Flask, *origins: str) -> None:
    """Let these sites show the widget."""
    here: Portal = app.extensions["kbportal"]
    listing = replace(here.settings, widget_origins=origins)
    portal_door.install(app, replace(here, settings=listing))


@pytest.fixture
def shop(app: Flask, help_centre: str) -> Iterator[str]:
    """The demo host page, strict content security policy and all, on the portal's list."""
    with running(demo_server(0, portal=help_centre, lang="en")) as origin:
        list_site(app, origin)
        yield origin


@pytest.fixture
def address(shop: str) -> str:
    return shop


def opened(page: Page) -> FrameLocator:
    page.get_by_role("button", name="Help").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    return frame


def test_from_the_launcher_to_an_article_in_the_frame(open_page: Callable[..., Page]):
    frame = opened(open_page("/"))

    search = frame.get_by_label("Search the help articles")
    expect(search).to_be_focused()
    search.fill("password")
    search.press("Enter")
    frame.get_by_role("link", name="Reset your password").first.click()

    expect(frame.get_by_role("heading", level=1)).to_have_text("Reset your password")


def test_a_ticket_is_filed_from_another_site_where_no_cookie_is_taken(
    open_page: Callable[..., Page], portal: Portal
):
    page = open_page("/cart")
    frame = opened(page)
    frame.get_by_role("link", name="Contact us").click()
    frame.get_by_label("What is it about?").fill("forgot password")
    expect(frame.get_by_role("button", name="Reset your password")).to_be_visible()
    frame.get_by_label("What happened?").fill("It hums.")
    frame.get_by_label("Your e-mail address").fill("jana@example.com")
    frame.get_by_role("button", name="Send").click()

    expect(frame.get_by_role("heading", level=1)).not_to_have_text("Write to us")
    (made,) = recorded(portal, "ticket_created")
    assert (made.surface, made.channel) == ("widget", "widget")
    assert {one.surface for one in recorded(portal, "form_started", "suggest_shown")} == {"widget"}
    assert page.context.cookies() == []


def test_escape_closes_it_from_inside_and_the_focus_goes_back(open_page: Callable[..., Page]):
    page = open_page("/")
    frame = opened(page)
    launcher = page.get_by_role("button", name="Help")
    expect(launcher).to_have_attribute("aria-expanded", "true")
    expect(frame.get_by_label("Search the help articles")).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    expect(launcher).to_be_focused()


def test_all_of_it_by_keyboard(open_page: Callable[..., Page]):
    page = open_page("/")
    launcher = page.get_by_role("button", name="Help")
    launcher.focus()
    page.keyboard.press("Space")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("Search the help articles")).to_be_focused()

    page.get_by_role("button", name="Close").focus()
    page.keyboard.press("Enter")

    expect(launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(frame.get_by_label("Search the help articles")).to_be_focused()


def test_the_frame_has_a_name_and_the_dialog_too(open_page: Callable[..., Page]):
    page = open_page("/")
    opened(page)

    expect(page.get_by_role("dialog", name="Kettlewick Help")).to_be_visible()
    expect(page.locator("iframe")).to_have_attribute("title", "Kettlewick Help")


def test_it_fills_a_phone(open_page: Callable[..., Page]):
    page = open_page("/", viewport={"width": 360, "height": 640})
    opened(page)

    box = page.get_by_role("dialog").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 640}
    # As a modal dialog: the page behind is out of reach.
    expect(page.locator("iframe")).to_be_focused()
    assert page.locator("dialog").evaluate("one => one.matches(':modal')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_either_side(open_page: Callable[..., Page], width, scheme):
    page = open_page("/", viewport={"width": width, "height": 700}, color_scheme=scheme)
    opened(page)

    for start in ("contact", "articles/reset-password", "search"):
        page.evaluate("(start) => kbportal.open(start)", start)
        frame = page.locator("iframe").element_handle().content_frame()
        assert frame
        frame.wait_for_url(f"**/widget/{start}")
        assert [*violations(frame), *violations(page.main_frame)] == []


def violations(frame: Frame) -> list[str]:
    """What axe-core objects to in a document, frames within it aside."""
    frame.evaluate(AXE.read_text(encoding="utf-8"))
    found = frame.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


def test_nothing_moves_for_those_who_ask_for_it(open_page: Callable[..., Page]):
    page = open_page("/", reduced_motion="reduce")
    opened(page)

    assert page.locator("dialog").evaluate("one => getComputedStyle(one).animationName") == "none"


def test_the_page_gets_one_name_and_loses_it_again(open_page: Callable[..., Page]):
    page = open_page("/")
    page.get_by_role("button", name="Help").wait_for()
    others = "const bare = document.body.appendChild(document.createElement('iframe'));"
    others += (
        "const usual = new Set(Object.getOwnPropertyNames(bare.contentWindow)); bare.remove();"
    )
    names = f"(() => {{ {others} return Object.keys(window).filter((one) => !usual.has(one)) }})()"

    assert page.evaluate(names) == ["kbportal"]
    assert page.evaluate("Object.keys(kbportal)") == ["open", "close", "prefill", "destroy"]
    page.evaluate("kbportal.destroy()")
    assert page.evaluate(names) == []
    expect(page.get_by_role("button", name="Help")).to_have_count(0)


def test_what_the_site_knows_is_filled_in_and_what_was_typed_stays(open_page: Callable[..., Page]):
    page = open_page("/")
    page.get_by_role("button", name="Help").wait_for()
    page.evaluate("kbportal.prefill({name: 'Jana', email: 'jana@example.com', nothing: 1})")
    page.evaluate("kbportal.open('contact')")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("Your e-mail address")).to_have_value("jana@example.com")
    frame.get_by_label("Your name").fill("Jana Nova")

    page.evaluate("kbportal.prefill({name: 'Somebody else', subject: 'Kettle'})")

    expect(frame.get_by_label("What is it about?")).to_have_value("Kettle")
    expect(frame.get_by_label("Your name")).to_have_value("Jana Nova")


def test_the_form_says_which_page_it_would_tell_of_and_leaves_it_out_if_told(
    open_page: Callable[..., Page], portal: Portal, shop: str
):
    page = open_page("/cart?token=secret#secret")
    page.get_by_role("button", name="Help").wait_for()
    page.evaluate("kbportal.open('contact')")
    frame = page.frame_locator("iframe")
    along = frame.get_by_role("checkbox", name="Your cart")
    expect(along).to_be_checked()
    frame.get_by_label("What is it about?").fill("Kettle")
    frame.get_by_label("What happened?").fill("It hums.")
    frame.get_by_label("Your e-mail address").fill("jana@example.com")
    frame.get_by_role("button", name="Send").click()

    expect(frame.get_by_role("heading", level=1)).not_to_have_text("Write to us")
    ticket = portal.tickets.by_number(1001)
    assert ticket
    assert [one.value for one in ticket.answers] == [f"Your cart ({shop}/cart)"]


def test_links_in_the_frame_never_leave_it_for_a_page_that_may_not_be_framed(
    open_page: Callable[..., Page], help_centre: str
):
    page = open_page("/")
    frame = opened(page)

    frame.locator("main").evaluate(
        "main => { const a = document.createElement('a'); a.href = '/en/faq'; a.id = 'in';"
        "a.textContent = 'in'; main.append(a); }"
    )
    frame.locator("#in").click()

    expect(frame.locator("main h1")).to_have_text("Often asked")
    assert f"{help_centre}/en/widget/faq" in {one.url for one in page.frames}


# What a site that is not on the list sees, and what other windows may say.


class _Stranger(BaseHTTPRequestHandler):
    page = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def stranger(page: str) -> Iterator[str]:
    handler = type("Stranger", (_Stranger,), {"page": page.encode()})
    with running(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as origin:
        yield origin


def test_a_site_that_is_not_listed_gets_a_plain_link(
    chromium, app: Flask, help_centre: str, shop: str
):
    with running(demo_server(0, portal=help_centre, lang="en")) as origin:
        page = chromium.new_page()
        page.goto(origin)
        page.get_by_role("button", name="Help").click()

        link = page.get_by_role("link", name="Open the help centre (new tab)")
        expect(link).to_be_visible(timeout=15_000)
        expect(link).to_have_attribute("href", f"{help_centre}/en/")
        expect(page.locator("iframe")).to_have_count(0)
        page.keyboard.press("Escape")
        expect(page.get_by_role("link", name="Help", exact=True)).to_be_focused()
        page.close()


def test_where_ours_is_down_the_launcher_is_a_plain_link(chromium, app: Flask, shop: str):
    page = chromium.new_page()
    page.goto(shop)
    page.get_by_role("button", name="Help").wait_for()
    page.route("**/widget/**", lambda route: route.abort())

    page.get_by_role("button", name="Help").click()

    link = page.get_by_role("link", name="Open the help centre (new tab)")
    expect(link).to_be_visible(timeout=15_000)
    page.close()


def test_where_its_script_is_not_answered_the_page_is_whole(chromium, shop: str):
    page = chromium.new_page()
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(shop)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.close()


def test_a_page_in_a_strangers_frame_shows_nothing_even_without_the_policy(
    chromium, app: Flask, help_centre: str, shop: str
):
    """As in a browser that does not know frame-ancestors: the page empties itself."""
    html = f"<!doctype html><iframe src='{help_centre}/en/widget/'></iframe>"
    with stranger(html) as origin:
        page = chromium.new_page()
        page.route(f"{help_centre}/en/widget/", _without_frame_rules)
        page.goto(origin)
        frame = page.frame_locator("iframe")
        expect(frame.locator("h1")).to_be_visible()

        page.evaluate(
            "frames[0].postMessage({kbportal: 1, type: 'hello', focus: false, facts: {}}, '*')"
        )

        expect(frame.locator("body > *")).to_have_count(0)
        page.close()


def _without_frame_rules(route) -> None:
    response = route.fetch()
    headers = {k: v for k, v in response.headers.items() if k != "content-security-policy"}
    route.fulfill(response=response, headers=headers)


BAD_MESSAGES = [
    "1", "null", "'hello'", "{}", "[1]", "{kbportal: 1}", "{kbportal: 2, type: 'hello'}",
    "{kbportal: 1, type: 'hello', focus: 1, facts: {subject: 'x'}}",
    "{kbportal: 1, type: 'hello', focus: false, facts: null}",
    "{kbportal: 1, type: 'hello', focus: false, facts: {subject: 7}}",
    "{kbportal: 1, type: 'hello', focus: false, facts: {subject: 'x', csrf_token: 'y'}}",
    "{kbportal: 1, type: 'hello', focus: false, facts: {subject: 'x', name: 'n'.repeat(101)}}",
]  # fmt: skip


def test_the_frame_takes_no_message_out_of_shape(open_page: Callable[..., Page]):
    page = open_page("/")
    page.get_by_role("button", name="Help").wait_for()
    page.evaluate("kbportal.open('contact')")
    frame = page.frame_locator("iframe")
    subject = frame.get_by_label("What is it about?")
    expect(subject).to_be_focused()

    for message in BAD_MESSAGES:
        page.locator("iframe").evaluate(f"one => one.contentWindow.postMessage({message}, '*')")
    page.evaluate("kbportal.prefill({name: 'Last'})")

    expect(frame.get_by_label("Your name")).to_have_value("Last")
    expect(subject).to_have_value("")


def test_the_loader_hears_only_its_own_frame(open_page: Callable[..., Page]):
    page = open_page("/")
    opened(page)

    page.evaluate("window.postMessage({kbportal: 1, type: 'close'}, '*')")
    page.locator("iframe").evaluate(
        "one => dispatchEvent(new MessageEvent('message', {source: one.contentWindow,"
        "data: {kbportal: 1, type: 'close'}, origin: 'https://evil.example'}))"
    )
    page.evaluate("new Promise((done) => setTimeout(done))")

    expect(page.get_by_role("dialog")).to_be_visible()


def test_an_address_to_open_stays_on_our_origin(open_page: Callable[..., Page], help_centre: str):
    page = open_page("/")
    page.get_by_role("button", name="Help").wait_for()

    for bad in ("//evil.example/", "https://evil.example", "javascript:alert(1)", "../x", "?a"):
        page.evaluate("(bad) => kbportal.open(bad)", bad)
        source = page.locator("iframe").get_attribute("src")
        assert source == f"{help_centre}/en/widget/"


def test_it_is_written_for_the_language_it_is_given(chromium, app: Flask, help_centre: str):
    with running(demo_server(0, portal=help_centre, lang="sk")) as origin:
        list_site(app, origin)
        page = chromium.new_page()
        page.goto(origin)
        page.get_by_role("button").click()

        expect(page.frame_locator("iframe").locator("html")).to_have_attribute("lang", "sk")
        assert re.search("/sk/widget/", page.locator("iframe").get_attribute("src") or "")
        page.close()
