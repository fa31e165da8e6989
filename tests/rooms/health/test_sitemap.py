"""What search engines are told."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from kbportal.articles.model import Audience, Status
from kbportal.articles.shelf import ArticleCard
from kbportal.wiring import Portal
from tests.cast import CANARY, an_app

MAP, HTML = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.w3.org/1999/xhtml}"


def read(client: FlaskClient) -> dict[str, dict[str, str]]:
    """Address → language → address of the translation."""
    root = ElementTree.fromstring(client.get("/sitemap.xml").data)
    return {
        url.findtext(f"{MAP}loc", ""): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.iter(f"{HTML}link")
        }
        for url in root
    }


def site(portal: Portal, **settings: str) -> FlaskClient:
    return an_app(replace(portal, settings=replace(portal.settings, **settings))).test_client()


def test_every_public_article_is_there_with_its_translations(client):
    pages = read(client)

    both = {
        "en": "http://localhost/en/articles/reset-password",
        "sk": "http://localhost/sk/articles/obnovenie-hesla",
        "x-default": "http://localhost/en/articles/reset-password",
    }
    assert pages["http://localhost/en/articles/reset-password"] == both
    assert pages["http://localhost/sk/articles/obnovenie-hesla"] == both
    assert pages["http://localhost/en/articles/late-parcel"] == {}
    assert len(pages) == 4


def test_hidden_articles_are_not(client):
    assert CANARY not in client.get("/sitemap.xml").text


def test_every_address_in_it_can_be_opened(client):
    for address in read(client):
        assert client.get(address).status_code == 200


def test_addresses_are_the_public_ones(portal: Portal):
    client = site(portal, site_url="https://help.example.com/")

    assert all(one.startswith("https://help.example.com/") for one in read(client))


def test_a_crawler_that_has_it_is_told_so(client):
    tag = client.get("/sitemap.xml").headers["ETag"]

    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 304


def test_it_is_packed_for_whoever_can_unpack(client):
    packed = client.get("/sitemap.xml", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get("/sitemap.xml").data


class Large:
    """A live index with this many articles, each in two languages."""

    def __init__(self, keys: int) -> None:
        self._keys = keys

    def current(self) -> SimpleNamespace:
        return SimpleNamespace(id="large", shelf=self)

    def public_articles(self):
        for lang in ("en", "sk"):
            for number in range(self._keys):
                yield a_card(lang, f"k{number}", f"a&b-{number}")


def a_card(lang: str, key: str, slug: str) -> ArticleCard:
    return ArticleCard(
        id=f"{lang}/{key}", key=key, lang=lang, category="c", slug=slug, title="t", summary="",
        updated=date(2026, 2, 1), status=Status.PUBLISHED, audience=Audience.PUBLIC, faq=False,
    )  # fmt: skip


@pytest.mark.parametrize(("keys", "listed"), [(6_000, 12_000), (30_000, 50_000)])
def test_a_large_library_still_fits_into_one_file(portal: Portal, keys, listed):
    client = an_app(replace(portal, live=Large(keys))).test_client()  # type: ignore[arg-type]
    started = time.monotonic()

    text = client.get("/sitemap.xml").text

    assert text.count("<loc>") == listed
    assert "a%26b-0" in text
    assert len(text) < 50 * 1024 * 1024
    assert time.monotonic() - started < 10


def test_robots_learn_what_is_closed_and_where_the_map_is(portal: Portal):
    text = site(portal, site_url="https://help.example.com").get("/robots.txt").text

    assert "Disallow: /sk/search\n" in text
    assert "Disallow: /desk/\n" in text
    assert "Disallow: /api/\n" in text
    assert text.endswith("Sitemap: https://help.example.com/sitemap.xml\n")
