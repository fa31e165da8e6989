"""What news readers are told."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from kbportal.wiring import Portal
from tests.cast import CANARY, an_app

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: FlaskClient, path: str) -> ElementTree.Element:
    return ElementTree.fromstring(client.get(path).data)


def titles(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title", "") for entry in feed.iter(f"{ATOM}entry")]


def test_the_newest_articles_of_a_language_come_first(client):
    feed = read(client, "/en/feed.xml")

    assert titles(feed) == ["Reset your password", "Your parcel is late", "Close your account"]
    assert feed.findtext(f"{ATOM}updated") == "2026-02-01T00:00:00Z"


def test_a_topic_has_a_feed_of_its_own(client):
    assert titles(read(client, "/en/categories/delivery/feed.xml")) == ["Your parcel is late"]
    assert client.get("/en/categories/nothing/feed.xml").status_code == 404


def test_every_address_in_a_feed_is_the_public_one_and_can_be_opened(portal: Portal):
    settings = replace(portal.settings, site_url="https://help.example.com")
    client = an_app(replace(portal, settings=settings)).test_client()

    for link in read(client, "/en/feed.xml").iter(f"{ATOM}link"):
        host, slash, path = link.attrib["href"].partition("example.com/")
        assert host == "https://help."
        assert client.get(slash[-1] + path).status_code == 200


def test_an_entry_keeps_its_name_when_its_address_changes(client):
    (entry,) = read(client, "/en/categories/delivery/feed.xml").iter(f"{ATOM}entry")

    assert entry.findtext(f"{ATOM}id", "").startswith("urn:uuid:")


@pytest.mark.parametrize("path", ["/en/feed.xml", "/en/categories/account/feed.xml"])
def test_hidden_articles_are_no_news(seeded_client, path):
    assert CANARY not in seeded_client.get(path).text


def test_a_language_without_articles_has_an_empty_feed(client):
    assert titles(read(client, "/fi/feed.xml")) == []


def test_a_feed_that_is_known_is_not_sent_again(client):
    tag = client.get("/en/feed.xml").headers["ETag"]

    again = client.get("/en/feed.xml", headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("page", "feed"),
    [("/en/articles/late-parcel", "/en/categories/delivery/feed.xml"),
     ("/en/articles/late-parcel", "/en/feed.xml"),
     ("/en/categories/delivery", "/en/categories/delivery/feed.xml"),
     ("/en/", "/en/feed.xml")],
)  # fmt: skip
def test_pages_tell_news_readers_where_their_feed_is(client, page, feed):
    assert f'href="{feed}"' in client.get(page).text
