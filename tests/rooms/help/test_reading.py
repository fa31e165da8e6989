"""Home, categories, articles and the way between languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.cast import a_portal, an_app
from tests.rooms.help.forms import recorded


def text(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def test_the_front_door_leads_to_the_language_of_the_browser(client):
    response = client.get("/", headers={"Accept-Language": "sk, en;q=0.5"})

    assert (response.status_code, response.location) == (302, "/sk/")


def test_an_earlier_choice_counts_more_than_the_browser(client):
    client.set_cookie("kb_lang", "fi")

    assert client.get("/", headers={"Accept-Language": "sk"}).location == "/fi/"


def test_home_shows_topics_with_counts_of_public_articles(client):
    page = text(client, "/en/")

    assert "Account" in page
    assert "2 articles" in page
    assert "1 article<" in page


def test_a_language_without_articles_still_has_a_home_page(client):
    assert "Tällä kielellä ei ole vielä artikkeleita." in text(client, "/fi/")


@pytest.mark.parametrize(
    "path", ["/en/", "/en/faq", "/en/search?q=xylophone+zeppelin", "/en/categories/account",
             "/sitemap.xml"]
)  # fmt: skip
def test_a_draft_or_staff_article_is_nowhere_to_be_seen(client, path):
    page = text(client, path)

    assert "Xylophone plan" not in page
    assert "Zeppelin rules" not in page
    assert "secret-plan" not in page


@pytest.mark.parametrize("slug", ["secret-plan", "for-agents", "no-such-article"])
def test_hidden_and_missing_articles_look_the_same(client, slug):
    assert client.get(f"/en/articles/{slug}").status_code == 404


def test_an_article_has_a_contents_list_that_leads_to_its_sections(client):
    page = text(client, "/en/articles/reset-password")

    assert 'href="#the-link-has-expired"' in page
    assert 'id="the-link-has-expired"' in page


def test_a_note_without_a_title_gets_one(client):
    assert '<p class="admonition-title">Note</p>' in text(client, "/en/articles/reset-password")


def test_a_wide_table_can_be_scrolled_by_keyboard(client):
    page = text(client, "/en/articles/reset-password")

    (table,) = re.findall(r'<div class="table-scroll"[^>]*>', page)
    assert 'tabindex="0"' in table
    assert 'role="group" aria-label="Table: Nothing arrives"' in table.replace(' tabindex="0"', "")


def test_an_article_leads_to_its_neighbours(client):
    page = text(client, "/en/articles/close-account")

    assert 'href="/en/articles/reset-password" rel="next"' in page


def test_a_renamed_article_redirects_for_ever(client):
    response = client.get("/en/articles/forgotten-password")

    assert (response.status_code, response.location) == (301, "/en/articles/reset-password")


def test_the_language_menu_leads_to_the_translation(client):
    page = text(client, "/en/articles/reset-password")

    assert '<a class="menu-choice" href="/sk/articles/obnovenie-hesla"' in page


def test_an_address_with_the_slug_of_another_language_finds_the_translation(client):
    assert client.get("/sk/articles/reset-password").location == "/sk/articles/obnovenie-hesla"


def test_a_missing_translation_is_a_page_that_leads_to_the_original(client):
    response = client.get("/fi/articles/late-parcel")

    assert response.status_code == 200
    assert 'href="/en/articles/late-parcel"' in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    ["/en/", "/en/faq", "/en/categories/delivery", "/en/articles/late-parcel", "/en/contact",
     "/en/search?q=parcel", "/en/articles/late-parcel/vote", "/en/nothing-here"],
)  # fmt: skip
def test_the_language_menu_never_ends_in_an_error(client, path):
    for href in re.findall(r'class="menu-choice" href="([^"]+)"', text(client, path)):
        response = client.get(href.replace("&amp;", "&"), follow_redirects=True)
        assert response.status_code == 200, href


def test_a_translation_older_than_its_original_says_so(client):
    assert "Tento preklad môže byť zastaraný" in text(client, "/sk/articles/obnovenie-hesla")


def test_a_page_asked_for_again_is_not_sent_again(client):
    first = client.get("/en/articles/reset-password")

    again = client.get(
        "/en/articles/reset-password", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/en/", "/en/articles/reset-password", "/en/faq"])
def test_opening_a_page_sets_no_cookie(client, path):
    response = client.get(path)

    assert "Set-Cookie" not in response.headers
    assert "public" in response.headers["Cache-Control"]


def test_without_scripts_a_picture_tells_that_an_article_was_opened(client, portal: Portal):
    client.get("/en/articles/reset-password/seen.gif")

    (event,) = recorded(portal, "article_viewed")
    assert event.article == "en/account/reset-password"


def test_prefetching_is_not_reading(client, portal: Portal):
    client.get("/en/articles/reset-password/seen.gif", headers={"Sec-Purpose": "prefetch"})

    assert recorded(portal, "article_viewed") == []


def test_a_vote_without_scripts_is_kept_with_its_reason(client, portal: Portal):
    answer = {"answer": "no", "reason": "unclear"}

    assert client.post("/en/articles/late-parcel/vote", data=answer).status_code == 303

    (event,) = recorded(portal, "article_voted")
    assert (event.value, event.reason) == ("no", "unclear")


def test_without_an_index_pages_explain_and_the_form_works(indexed: Settings, tmp_path: Path):
    empty = a_portal(indexed, instance=tmp_path / "i", indexes=tmp_path / "none")
    client = an_app(empty).test_client()

    home = client.get("/en/")

    assert home.status_code == 503
    assert "Retry-After" in home.headers
    assert "putting the articles on the shelf" in home.get_data(as_text=True)
    assert client.get("/en/contact").status_code == 200
