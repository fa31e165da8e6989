"""Who is sent an article has not found it: agents' links are marked, and views through them."""

from __future__ import annotations

import re
from html import unescape

import pytest

from kbportal.deflection.reading.noise import without_noise
from tests.cast import an_app
from tests.rooms.help.forms import recorded

RESET = "en/account/reset-password"
PLAIN = "http://localhost/en/articles/reset-password"
LATE = "http://localhost/en/articles/late-parcel"
SEEN = {"type": "article_viewed", "surface": "article", "locale": "en", "article": RESET,
        "dwell_ms": 6000}  # fmt: skip
BROWSER = {"User-Agent": "Mozilla/5.0 (X11) Firefox/140.0"}


@pytest.fixture
def marked(portal, agent, filed) -> str:
    """The marked address of the article on passwords, as the desk offers it to copy."""
    page = agent.get(f"/desk/{filed().number}?find=password").text
    found = {unescape(one) for one in re.findall(r'data-copy-link="([^"]+)"', page)}
    (address,) = [one for one in found if one.startswith(f"{PLAIN}?via=")]
    return address


@pytest.fixture
def customer(portal):
    return an_app(portal).test_client()


def views(portal):
    return [(one.article, one.channel) for one in recorded(portal, "article_viewed")]


def test_a_view_through_a_marked_link_is_an_agents_work(portal, customer, marked):
    customer.post("/api/v1/events", json=SEEN, headers=BROWSER | {"Referer": marked})
    customer.get("/en/articles/reset-password/seen.gif", headers=BROWSER | {"Referer": marked})

    assert views(portal) == [(RESET, "agent_shared")] * 2
    clean = without_noise(recorded(portal, "article_viewed"))
    assert (clean.events, clean.filtered["agent_shared"]) == ((), 2)


@pytest.mark.parametrize(
    "referrer",
    [
        PLAIN,
        f"{PLAIN}?via=",
        f"{PLAIN}?via={'A' * 16}",
        f"{PLAIN}?via=%ff%00",
        "http://[",
        "",
    ],
)
def test_without_our_mark_a_view_is_a_view(portal, customer, referrer):
    response = customer.post("/api/v1/events", json=SEEN, headers={"Referer": referrer})

    assert response.status_code == 204
    assert views(portal) == [(RESET, None)]


def test_a_mark_is_good_for_its_article_and_its_portal_alone(portal, customer, marked):
    of_another = marked.replace("reset-password", "late-parcel")
    late = SEEN | {"article": "en/delivery/late-parcel"}
    customer.post("/api/v1/events", json=late, headers={"Referer": of_another})
    elsewhere = marked.replace("localhost", "evil.example")
    customer.post("/api/v1/events", json=SEEN, headers={"Referer": elsewhere})

    assert [channel for _, channel in views(portal)] == [None, None]


def test_what_else_is_done_on_that_page_counts_as_always(portal, customer, marked):
    vote = {"type": "article_voted", "surface": "article", "locale": "en", "article": RESET}
    customer.post("/api/v1/events", json=vote | {"value": "yes"}, headers={"Referer": marked})

    (event,) = recorded(portal, "article_voted")
    assert event.channel is None


def test_the_page_is_the_same_and_search_engines_keep_the_plain_address(customer, marked):
    path = marked.removeprefix("http://localhost")
    sent, found = customer.get(path), customer.get("/en/articles/reset-password")

    assert sent.text == found.text
    assert f'<link rel="canonical" href="{PLAIN}">' in sent.text
    assert sent.headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in found.headers
    assert "via=" not in customer.get("/sitemap.xml").text


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        (f"See {PLAIN}.", f"See {PLAIN}?via=*."),
        (f"({PLAIN}), or {LATE}#then", f"({PLAIN}?via=*), or {LATE}?via=*#then"),
        (f"{PLAIN}#nothing-arrives", f"{PLAIN}?via=*#nothing-arrives"),
        (f"{PLAIN}?via=x and {PLAIN}?q=1", f"{PLAIN}?via=x and {PLAIN}?q=1"),
        ("http://localhost/en/articles/nothing", "http://localhost/en/articles/nothing"),
        ("http://localhost/en/articles/secret-plan", "http://localhost/en/articles/secret-plan"),
        ("https://evil.example/en/articles/x", "https://evil.example/en/articles/x"),
        (f"{PLAIN}/vote", f"{PLAIN}/vote"),
    ],
)
def test_plain_links_in_an_answer_get_the_mark(portal, agent, filed, typed, sent):
    ticket = filed()

    agent.post(f"/desk/{ticket.number}/answer", data={"body": typed})

    (message,) = portal.tickets.messages(ticket.id)
    assert re.sub(r"via=[\w-]{16}", "via=*", message.body) == sent


def test_an_answer_that_has_no_room_for_marks_goes_without(portal, agent, filed):
    ticket, body = filed(), f"{PLAIN} {'x' * 19_940}"

    agent.post(f"/desk/{ticket.number}/answer", data={"body": body})

    (message,) = portal.tickets.messages(ticket.id)
    assert message.body == body


def test_articles_that_customers_cannot_open_are_not_offered(agent, filed):
    page = agent.get(f"/desk/{filed().number}?find=zeppelin").text

    assert "Zeppelin rules" in page
    assert "for-agents?via" not in page
