"""Typing, reading in place, “This solved it”: and the manager's number moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kbportal.deflection.report import days, report_of_events
from kbportal.kernel.clock import utc_now
from tests.browsing import served
from tests.cast import an_app
from tests.journeys.people import describe, pass_of, read, suggestion, told

pytestmark = pytest.mark.browser

WORDS = "zabudol som heslo"


@pytest.fixture
def solved(open_page):
    """A page on which a customer, typing Slovak without its marks, has just found the answer."""
    page = open_page("/sk/contact")
    describe(page, WORDS)
    card = suggestion(page, "Obnovenie hesla")
    read(card)
    expect(card.locator(".prose").get_by_text("Zabudnuté heslo?").first).to_be_visible()
    with told(page, "form_solved"):
        page.get_by_role("button", name="Toto mi pomohlo").click()
    expect(page.get_by_text("Sme radi, že to pomohlo.")).to_be_visible()
    return page


def in_a_week(portal):
    """The report of today as it will read once the durability window is over."""
    assert portal.recorder.flush()
    now, later = utc_now(), utc_now() + timedelta(days=8)
    events = portal.events.read(now - timedelta(days=1), later)
    return report_of_events(
        events, period=days(now.date() - timedelta(days=1), now.date()), now=later
    )


def test_the_text_stays_where_it_was(solved):
    expect(solved.locator("#subject")).to_have_value(WORDS)
    assert solved.url.endswith("/sk/contact")


def test_it_counts_as_shown_read_and_confirmed(solved, portal):
    made = in_a_week(portal)

    assert (made.matured.F, made.matured.X_D) == (1, 1)
    assert made.metrics["suggestion_coverage"].value == 1
    assert made.metrics["suggestion_open_rate"].value == 1
    (article,) = made.articles
    assert (article.article, article.solved) == ("sk/account/reset-password", 1)
    assert portal.tickets.list().tickets == ()


def test_the_manager_sees_it(solved, portal, open_page):
    assert portal.recorder.flush()
    later = utc_now() + timedelta(days=8)
    pass_ = pass_of(portal, "manager", now=later)

    with served(an_app(replace(portal, clock=lambda: later))) as address:
        page = open_page("/insights/", base_url=address, cookies=pass_)
        solved_row = page.locator(".outcome-table tr", has_text="X").first

        expect(solved_row.locator(".outcome-count")).to_have_text("1")
        expect(page.locator(".data tr", has_text="Obnovenie hesla").first).to_be_visible()


def test_taken_back_it_counts_no_more(solved, portal):
    with told(solved, "undone"):
        solved.get_by_role("button", name="Vrátiť späť").click()

    assert in_a_week(portal).matured.X_D == 0
