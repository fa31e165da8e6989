"""What the search page lists, and how it is narrowed down by topic and tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.kernel.clock import utc_now
from kbportal.search.query.results import Hit
from kbportal.settings import Settings
from kbportal.web.help.listing import worth_listing
from kbportal.wiring import Portal, build_index, read_articles
from tests.cast import a_portal, an_app, write_library
from tests.rooms.help.forms import recorded

TOPICS = {"account": "Account & sign-in", "delivery": "Delivery"}


def page_of(category: str, number: int, tags: str) -> str:
    return (
        f"---\ntitle: Voucher {category} {number}\ntags: [{tags}]\n---\n"
        f"A voucher of {category} is sent by post number {number}.\n"
    )


@pytest.fixture(scope="module")
def vouchers(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Fourteen articles about vouchers in two topics, one about nothing of the kind."""
    root = tmp_path_factory.mktemp("vouchers")
    files = {f"en/{slug}/_category.yml": f"title: {title}\n" for slug, title in TOPICS.items()}
    for n in range(12):
        files[f"en/account/voucher-{n}.md"] = page_of("account", n, "gift" if n < 3 else "other")
    for n in range(2):
        files[f"en/delivery/voucher-d{n}.md"] = page_of("delivery", n, "gift")
    files["en/delivery/kettle.md"] = "---\ntitle: Kettles\n---\nWater boils.\n"
    settings = replace(
        Settings(),
        instance=root / "instance",
        articles=write_library(root / "articles", files),
        indexes=root / "indexes",
        languages=("en", "sk"),
        model="none",
    )
    build_index(settings, read_articles(settings), now=utc_now())
    return settings


@pytest.fixture
def shop(vouchers: Settings, tmp_path: Path) -> Iterator[Portal]:
    portal = a_portal(vouchers, instance=tmp_path / "instance")
    yield portal
    portal.close()


@pytest.fixture
def visitor(shop: Portal) -> FlaskClient:
    return an_app(shop).test_client()


def get(client: FlaskClient, **query: object) -> str:
    return client.get("/en/search", query_string={"q": "voucher", **query}).text


def titles(page: str) -> list[str]:
    return re.findall(r'<h3 class="article-row-title"><a href="[^"]*">([^<]*)', page)


def choice(page: str, title: str) -> str:
    """The address of the filter with this title."""
    found = re.search(rf'<a class="filter-choice" href="([^"]*)"[^>]*><span>{title}<', page)
    assert found, title
    return unescape(found[1])


def test_each_topic_says_how_many_articles_it_leaves(visitor):
    page = get(visitor)

    assert "14 articles" in page
    assert re.search(r"Account &amp; sign-in</span><span class=\"filter-count\">12<", page)
    assert re.search(r"Delivery</span><span class=\"filter-count\">2<", page)


def test_a_topic_leaves_its_own_articles_and_can_be_taken_back(visitor):
    page = visitor.get(choice(get(visitor), "Delivery")).text

    assert len(titles(page)) == 2
    assert all("delivery" in title for title in titles(page))
    assert "2 articles" in page
    assert choice(page, "All topics") == "/en/search?q=voucher"


def test_a_tag_narrows_further_and_lets_go_when_chosen_again(visitor):
    page = visitor.get(choice(get(visitor, category="account"), "gift")).text

    assert len(titles(page)) == 3
    assert choice(page, "gift") == "/en/search?q=voucher&category=account"
    assert re.search(r"Delivery</span><span class=\"filter-count\">2<", page)


def test_pages_keep_what_was_chosen(visitor):
    page = get(visitor, category="account")

    following = re.search(r'href="([^"]*)" rel="next"', page)

    assert following
    assert unescape(following[1]) == "/en/search?q=voucher&category=account&page=2"
    assert len(titles(visitor.get(unescape(following[1])).text)) == 2


@pytest.mark.parametrize("page", ["99", "-1", "x", "1e9"])
def test_a_page_that_is_not_there_is_the_nearest_that_is(visitor, page):
    assert titles(get(visitor, page=page))


@pytest.mark.parametrize("wanted", [{"category": "gone"}, {"tag": "gone"}, {"tag": "<script>"}])
def test_a_filter_that_nothing_has_is_let_go(visitor, wanted):
    assert "14 articles" in get(visitor, **wanted)


def test_only_the_search_itself_is_recorded(visitor, shop):
    get(visitor)
    get(visitor, page=2)
    get(visitor, category="delivery")
    get(visitor, tag="gift")

    (event,) = recorded(shop, "search")
    assert len(event.results) == 10


def a_hit(score: float, *, marked: bool) -> Hit:
    sentence = "A <mark>word</mark>." if marked else "A summary."
    return Hit("en/a", "en", "a", "A", "c", "", "", sentence, score, None)


def test_what_is_weak_beside_the_best_is_not_listed():
    strong, weak = a_hit(0.6, marked=True), a_hit(0.03, marked=True)

    assert worth_listing([strong, weak]) == [strong]


def test_without_a_word_of_the_query_more_is_asked_of_an_article():
    best, said, meant = a_hit(0.6, marked=True), a_hit(0.2, marked=True), a_hit(0.3, marked=False)

    assert worth_listing([best, meant, said, replace(meant, score=0.2)]) == [best, meant, said]


def test_nothing_is_worth_listing_where_nothing_was_found():
    assert worth_listing([]) == []
