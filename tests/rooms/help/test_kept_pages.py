"""Finished pages that are kept: quick, never stale, and never another visitor's."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, g

from kbportal.kernel.clock import utc_now
from kbportal.people.model import Role
from kbportal.web.kept_pages import KeptPage, KeptPages, kept_page
from kbportal.wiring import Portal, build_index, read_articles
from tests.cast import a_portal, an_app, indexed_settings
from tests.rooms.staff import signed_in

ARTICLE = "/en/articles/reset-password"
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def app(portal: Portal) -> Flask:
    return an_app(portal)


def kept(app: Flask) -> list[str]:
    """Paths of the pages that the app keeps."""
    shelves = app.extensions["kbportal_kept_pages"].values()
    return [key[0] for pages in shelves for key in pages._pages]


def test_a_page_is_the_same_whether_it_was_kept_or_made(app):
    client = app.test_client()
    made, again = client.get(ARTICLE), client.get(ARTICLE)
    packed = client.get(ARTICLE, headers=GZIP)

    assert kept(app) == [ARTICLE]
    assert made.data == again.data == gzip.decompress(packed.data)
    assert dict(made.headers) == dict(again.headers)
    assert packed.headers["ETag"] == made.headers["ETag"]
    assert "Accept-Encoding" in made.headers["Vary"]
    assert client.get(ARTICLE, headers={"If-None-Match": made.headers["ETag"]}).status_code == 304


def test_languages_twins_and_hosts_keep_pages_of_their_own(portal: Portal):
    # Without an address of its own the portal answers by the name that it was asked for.
    client = an_app(portal).test_client()
    pages = {
        client.get(ARTICLE).text,
        client.get("/sk/articles/obnovenie-hesla").text,
        client.get("/en/widget/articles/reset-password").text,
        client.get(ARTICLE, base_url="http://help.example").text,
    }

    assert len(pages) == 4
    assert "help.example" not in client.get(ARTICLE).text


def test_an_announcement_comes_goes_and_stays_closed_for_whoever_closed_it(portal, tmp_path):
    root = tmp_path / "articles"
    (root / "en").mkdir(parents=True)
    client = an_app(replace(portal, settings=replace(portal.settings, articles=root))).test_client()
    before = client.get(ARTICLE).text
    (root / "en" / "_announcement.yml").write_text("text: Kettles are late.\n", encoding="utf-8")
    said = client.get(ARTICLE).text
    key = re.findall(r'data-announcement="([0-9a-f]{12})"', said)[0]
    client.set_cookie("kb_closed", key)
    closed = client.get(ARTICLE).text
    client.delete_cookie("kb_closed")

    assert "Kettles are late" in said
    assert closed == before
    assert client.get(ARTICLE).text == said


def test_what_editors_publish_is_seen_at_once_and_what_they_withdraw_is_gone(tmp_path):
    settings = indexed_settings(tmp_path)
    portal = a_portal(settings)
    client = an_app(portal).test_client()
    assert client.get(ARTICLE).status_code == 200
    file = next((settings.articles / "en").rglob("reset-password.md"))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("---\n", "---\nstatus: draft\n", 1), encoding="utf-8")
    build_index(settings, read_articles(settings), now=utc_now())

    assert client.get(ARTICLE).status_code == 404
    portal.close()


def test_a_colleague_neither_fills_nor_sees_what_is_kept(portal: Portal):
    agent = signed_in(portal, Role.AGENT)

    assert agent.get(ARTICLE).status_code == 200
    assert kept(agent.application) == []


def test_addresses_with_a_query_and_pages_that_are_not_there_are_not_kept(app):
    client = app.test_client()
    client.get(f"{ARTICLE}?utm_source=letter")
    client.get("/en/articles/nothing-of-the-kind")

    assert kept(app) == []


@pytest.fixture
def counted(app: Flask) -> Iterator[list[int]]:
    """A page that counts how often it was made."""
    made: list[int] = []
    with app.test_request_context(ARTICLE):
        app.preprocess_request()
        yield made


@pytest.mark.parametrize("mark", ["visitor", "staff", "csrf_token", "framed_token"])
def test_a_page_that_looked_at_who_asks_is_nobody_elses(counted, mark):
    def make() -> str:
        counted.append(1)
        setattr(g, mark, "somebody")
        return "<p>Hello, somebody"

    first, second = kept_page(make), kept_page(make)

    assert first is not None
    assert second is not None
    assert len(counted) == 2


def test_a_page_that_asked_whether_it_is_for_a_colleague_and_found_none_is_kept(counted):
    def make() -> str:
        counted.append(1)
        g.staff = None
        return "<p>Hello"

    assert [kept_page(make).data for _ in range(2)] == [b"<p>Hello"] * 2
    assert len(counted) == 1


def test_versions_of_one_article_are_kept_apart(counted):
    def make() -> str:
        counted.append(1)
        return f"<p>version {len(counted)}"

    pages = [kept_page(make, varies=(version,)) for version in ("a", "b", "a")]

    assert [one.data for one in pages if one] == [b"<p>version 1", b"<p>version 2", b"<p>version 1"]


def test_those_that_nobody_asked_for_longest_make_room():
    pages = KeptPages(most_bytes=250)
    for name in ("a", "b"):
        pages.put(name, KeptPage(b"x" * 100, name))
    pages.get("a")
    pages.put("c", KeptPage(b"x" * 100, "c"))

    assert [name for name in "abc" if pages.get(name)] == ["a", "c"]
