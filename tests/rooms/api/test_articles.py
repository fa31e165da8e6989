"""One article, whole."""

from __future__ import annotations

ARTICLE = "/api/v1/articles/en/reset-password"


def test_an_article_comes_with_its_text_outline_and_translations(client):
    answer = client.get(ARTICLE).json

    assert answer["title"] == "Reset your password"
    assert "<strong>Forgot password</strong>" in answer["html"]
    assert answer["outline"][0] == {
        "level": 2,
        "anchor": "the-link-has-expired",
        "title": "The link has expired",
    }
    assert answer["translations"] == {"sk": "/sk/articles/obnovenie-hesla"}


def test_an_article_speaks_its_own_language_whatever_the_browser_reads(client):
    answer = client.get(ARTICLE, headers={"Accept-Language": "sk"}).json

    assert '<p class="admonition-title">Note</p>' in answer["html"]


def test_an_article_asked_for_again_is_not_sent_again(client):
    tag = client.get(ARTICLE).headers["ETag"]

    assert client.get(ARTICLE, headers={"If-None-Match": tag}).status_code == 304


def test_reading_an_article_sets_no_cookie(client):
    assert "Set-Cookie" not in client.get(ARTICLE).headers


def test_a_renamed_article_leads_to_its_new_address(client):
    response = client.get("/api/v1/articles/en/forgotten-password")

    assert (response.status_code, response.location) == (301, ARTICLE)
    assert response.json == {"url": ARTICLE}


def test_a_missing_article_is_missing_in_json(client):
    response = client.get("/api/v1/articles/en/nothing")

    assert response.status_code == 404
    assert response.json["error"]["code"] == "article_missing"


def test_a_language_that_is_not_offered_has_no_articles(client):
    assert client.get("/api/v1/articles/xx/reset-password").status_code == 404
