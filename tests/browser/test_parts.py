"""The announcement, the narrowed search and the style page, as people see and use them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kbportal.kernel.clock import utc_now
from kbportal.people.accounts import open_session
from kbportal.settings import Settings
from kbportal.web.staff import COOKIE
from kbportal.wiring import Portal, build_index, read_articles
from tests.browser.test_accessibility import AXE, faults
from tests.browsing import served
from tests.cast import a_portal, an_app, outspoken, write_library
from tests.rooms.staff import a_colleague

pytestmark = pytest.mark.browser

SAID = "text: Parcels are late.\nlink: /en/articles/late-parcel\nkind: warning\n"


@contextmanager
def announcing(portal: Portal, folder: Path) -> Iterator[str]:
    """The address of a portal that announces something."""
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "_announcement.yml").write_text(SAID)
    told = replace(portal, settings=replace(portal.settings, articles=folder))
    with served(an_app(outspoken(told), WTF_CSRF_ENABLED=True)) as address:
        yield address


def bar(page: Page):
    return page.get_by_role("complementary", name="Announcement")


def close(page: Page) -> None:
    bar(page).get_by_role("button", name="Close the announcement").click()


def test_an_announcement_that_was_closed_stays_closed(open_page, portal, tmp_path):
    with announcing(portal, tmp_path / "articles") as address:
        page = open_page("/en/", base_url=address)
        close(page)
        expect(bar(page)).to_have_count(0)
        expect(page.locator(".brand")).to_be_focused()
        page.goto("/en/faq")

        expect(page.locator("h1")).to_be_visible()
        expect(bar(page)).to_have_count(0)


def test_closing_it_beside_the_form_keeps_what_was_typed(open_page, portal, tmp_path):
    with announcing(portal, tmp_path / "articles") as address:
        page = open_page("/en/contact", base_url=address)
        page.fill("#description", "It hums.")
        close(page)

        expect(page.locator("#description")).to_have_value("It hums.")
        expect(bar(page)).to_have_count(0)


def test_without_scripts_it_closes_where_nothing_is_typed(open_page, portal, tmp_path):
    with announcing(portal, tmp_path / "articles") as address:
        page = open_page("/en/contact", base_url=address, java_script_enabled=False)
        expect(bar(page)).to_be_visible()
        expect(bar(page).get_by_role("button")).to_have_count(0)
        page.goto("/en/articles/late-parcel")
        close(page)

        page.wait_for_url("**/en/articles/late-parcel")
        expect(bar(page)).to_have_count(0)


def test_axe_finds_nothing_with_an_announcement_and_results_open(open_page, portal, tmp_path):
    with announcing(portal, tmp_path / "articles") as address:
        page = open_page("/en/", base_url=address, reduced_motion="reduce")
        page.get_by_role("combobox").press_sequentially("password")
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.evaluate(AXE.read_text(encoding="utf-8"))

        assert faults(page) == {}


def test_axe_finds_nothing_on_the_style_page(open_page, portal, address):
    token = open_session(portal.people, a_colleague(portal), now=utc_now())
    page = open_page("/style/", cookies={COOKIE: token}, reduced_motion="reduce")
    expect(page.locator(".scheme-dark")).to_be_visible()
    page.evaluate(AXE.read_text(encoding="utf-8"))

    # Each part is there twice, landmarks too.
    found = {rule for wrong in faults(page).values() for rule in wrong}
    assert found <= {"landmark-unique"}, faults(page)


def test_nobody_passes_before_the_second_factor_that_is_a_must(open_page, portal):
    strict = replace(portal, settings=replace(portal.settings, require_second_factor=True))
    token = open_session(portal.people, a_colleague(portal), now=utc_now())
    with served(an_app(strict)) as address:
        page = open_page(
            "/desk/", base_url=address, refusals=True, cookies={COOKIE: token},
            reduced_motion="reduce",
        )  # fmt: skip
        page.wait_for_url("**/account/second-factor**")
        picture = page.locator(".app-picture img")
        assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 100
        page.locator("form[action$='/second-factor']").evaluate(
            "form => { form.action = '/account/name'; form.submit(); }"
        )
        page.wait_for_url("**/account/name")

        expect(page.locator("a[href='/account/second-factor']")).to_be_visible()
        assert faults(page, (320, "light"), (1280, "dark")) == {}


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two topics and two tags among articles that one word finds."""
    root = tmp_path_factory.mktemp("tagged")
    files = {
        f"en/{topic}/{topic}-{tag}-{n}.md": (
            f"---\ntitle: Voucher {topic} {n}\ntags: [{tag}]\n---\nA voucher of {topic}.\n"
        )
        for topic in ("account", "delivery") for tag in ("gift", "refund") for n in (1, 2, 3)
    }  # fmt: skip
    settings = replace(
        Settings(), instance=root / "instance", indexes=root / "indexes", languages=("en",),
        articles=write_library(root / "articles", files), model="none",
    )  # fmt: skip
    build_index(settings, read_articles(settings), now=utc_now())
    return settings


def test_back_and_reload_give_the_narrowed_list_again(open_page, tagged, tmp_path):
    portal = a_portal(tagged, instance=tmp_path / "instance")
    with served(an_app(portal)) as address:
        page = open_page("/en/search?q=voucher", base_url=address, reduced_motion="reduce")
        hits = page.locator(".article-row")
        expect(hits).to_have_count(10)
        page.get_by_role("link", name="Next page").click()
        expect(hits).to_have_count(2)
        page.go_back()
        page.get_by_role("link", name="Delivery 6").click()
        page.get_by_role("link", name="gift 3").click()
        expect(hits).to_have_count(3)
        page.reload()
        expect(hits).to_have_count(3)
        hits.first.get_by_role("link").click()
        page.wait_for_url("**/en/articles/**")
        page.go_back()

        expect(hits).to_have_count(3)
        expect(page.locator(".filter-choice[aria-current]")).to_have_count(2)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert faults(page) == {}
    portal.close()
