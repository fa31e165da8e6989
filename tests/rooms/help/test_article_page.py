"""What an article's page says about itself, and where it leads."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.kernel.clock import utc_now
from kbportal.settings import Settings
from kbportal.wiring import Portal, build_index, read_articles
from tests.cast import CANARY, SMALL_LIBRARY, a_portal, an_app, write_library

PAGE = "/en/articles/reset-password"


def text(client: FlaskClient, path: str = PAGE) -> str:
    return client.get(path).text


def graph(page: str) -> dict[str, dict[str, object]]:
    """What the page says to search engines, by type."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return {one["@type"]: one for one in json.loads(block)["@graph"]}


def a_client(root: Path, files: dict[str, str], **settings: object) -> FlaskClient:
    """Of a portal over these articles."""
    chosen = replace(
        Settings(), instance=root / "i", indexes=root / "x", model="none",
        articles=write_library(root / "articles", files), languages=("en", "sk", "fi"), **settings,
    )  # fmt: skip
    build_index(chosen, read_articles(chosen), now=utc_now())
    return an_app(a_portal(chosen)).test_client()


@pytest.fixture
def public(portal: Portal) -> FlaskClient:
    """A portal that knows its own address."""
    settings = replace(portal.settings, site_url="https://help.example.com/")
    return an_app(replace(portal, settings=settings)).test_client()


def test_addresses_for_search_engines_are_the_public_ones(public):
    page = text(public)

    assert f'<link rel="canonical" href="https://help.example.com{PAGE}">' in page
    assert f'<meta property="og:url" content="https://help.example.com{PAGE}">' in page
    assert re.findall(r'hreflang="([\w-]+)" href="(https:[^"]+)"', page) == [
        ("en", f"https://help.example.com{PAGE}"),
        ("sk", "https://help.example.com/sk/articles/obnovenie-hesla"),
        ("x-default", f"https://help.example.com{PAGE}"),
    ]


def test_a_page_in_a_frame_names_the_portal_s_own_address(public):
    page = text(public, "/en/widget/articles/reset-password")

    assert f'<link rel="canonical" href="https://help.example.com{PAGE}">' in page
    assert "example.com/en/widget" not in page


@pytest.mark.parametrize("path", ["/en/", "/sk/faq", "/en/categories/account"])
def test_every_page_to_be_found_has_one_address(public, path):
    assert f'<link rel="canonical" href="https://help.example.com{path}">' in text(public, path)


def test_an_article_in_one_language_names_no_others(client):
    assert 'rel="alternate" hreflang' not in text(client, "/en/articles/late-parcel")


def test_search_engines_are_told_what_the_article_is_and_where_it_stands(public):
    said = graph(text(public))

    assert said["Article"]["headline"] == "Reset your password"
    assert said["Article"]["dateModified"] == "2026-02-01"
    crumbs = said["BreadcrumbList"]["itemListElement"]
    assert [(one["position"], one["name"]) for one in crumbs] == [
        (1, "Help"), (2, "Account"), (3, "Reset your password")
    ]  # fmt: skip


def test_a_title_cannot_break_out_of_the_data(tmp_path):
    evil = "</script><script>alert(1)</script>"
    client = a_client(tmp_path, {"en/a/x.md": f"---\ntitle: '{evil}'\n---\nText.\n"})

    page = text(client, "/en/articles/x")

    assert "<script>alert" not in page
    assert graph(page)["Article"]["headline"] == evil


def test_related_articles_are_those_that_search_finds_nearest(tmp_path):
    pages = {
        "en/a/cancel.md": "---\ntitle: Cancel the box\nsummary: Stop the box.\n---\nBox.\n",
        "en/b/pause.md": "---\ntitle: Pause the box\nsummary: Skip a box.\n---\nA box less.\n",
        "en/a/boots.md": "---\ntitle: Waxing boots\nsummary: Leather.\n---\nWax them.\n",
        "en/b/umbrella.md": "---\ntitle: Umbrellas\nsummary: Rain.\n---\nOpen them.\n",
    }

    page = text(a_client(tmp_path, pages), "/en/articles/cancel")

    shown = re.search(r'aria-labelledby="related".*?</section>', page, re.DOTALL)
    assert shown
    assert re.findall(r'href="/en/articles/(\w+)"', shown[0])[0] == "pause"


def test_what_is_hidden_is_neither_related_nor_next(seeded_client):
    for slug in ("reset-password", "close-account", "late-parcel"):
        assert CANARY not in text(seeded_client, f"/en/articles/{slug}")


def test_a_renamed_article_is_found_in_another_language_by_its_former_name(client):
    response = client.get("/sk/articles/forgotten-password")

    assert (response.status_code, response.location) == (302, "/sk/articles/obnovenie-hesla")


def test_a_former_name_of_an_untranslated_article_leads_to_the_languages_it_has(client):
    page = client.get("/fi/articles/forgotten-password")

    assert page.status_code == 200
    assert 'href="/en/articles/reset-password"' in page.text
    assert 'role="search"' in page.text


def test_articles_that_name_each_other_as_former_do_not_send_readers_round(tmp_path):
    pages = {
        "en/a/one.md": "---\ntitle: One\nredirect_from: [two, was]\n---\nText.\n",
        "en/a/two.md": "---\ntitle: Two\nredirect_from: [one, was]\n---\nText.\n",
    }
    client = a_client(tmp_path, pages)

    for slug in ("one", "two", "was"):
        assert client.get(f"/en/articles/{slug}", follow_redirects=True).status_code == 200


def test_a_translation_says_when_its_original_is_newer_and_no_other_does(client):
    lagging = "notice-language"

    assert lagging in text(client, "/sk/articles/obnovenie-hesla")
    assert lagging not in text(client)


def test_a_page_that_has_not_changed_keeps_what_caches_need_to_know(client):
    first = client.get(PAGE)

    again = client.get(PAGE, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize("path", ["/", "/en/contact", "/en/search?q=x", f"{PAGE}/vote"])
def test_what_is_personal_stays_in_the_browser_that_asked(client, path):
    said = client.get(path).headers["Cache-Control"]

    assert "public" not in said
    assert "private" in said or "no-store" in said


def test_a_small_library_is_enough(tmp_path):
    only = {path: body for path, body in SMALL_LIBRARY.items() if "late-parcel" in path}

    assert 'id="related"' not in text(a_client(tmp_path, only), "/en/articles/late-parcel")
