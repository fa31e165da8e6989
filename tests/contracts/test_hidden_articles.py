"""A draft, staff or archived article never appears to the public, by whatever door one enters."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from kbportal.search.query.engine import Mode
from kbportal.wiring import Portal
from tests.cast import CANARY, an_app
from tests.contracts.walk import HIDDEN_SLUGS, PICTURE, addresses

_WORD = re.compile(rf"{CANARY}\w*", re.IGNORECASE)


def revealed(client: FlaskClient, path: str) -> set[str]:
    """Canaries in an answer that were not in the question."""
    response = client.get(path)
    said = response.get_data().decode("utf-8", "replace") + str(response.headers)
    return set(_WORD.findall(said)) - set(_WORD.findall(path))


def test_no_public_address_reveals_a_hidden_article(seeded_portal: Portal):
    app = an_app(seeded_portal)
    client = app.test_client()

    leaks = {path: found for path in addresses(app) if (found := revealed(client, path))}

    assert leaks == {}


def test_the_walk_would_notice_a_leak(seeded_portal: Portal):
    app = an_app(seeded_portal)
    app.add_url_rule("/leak", "help.leak", lambda: f"{CANARY}drafttitle")

    assert revealed(app.test_client(), "/leak")


@pytest.mark.parametrize("slug", HIDDEN_SLUGS)
@pytest.mark.parametrize(
    "path", ["/en/articles/{}", "/sk/articles/{}", "/api/v1/articles/en/{}",
             "/api/v1/articles/sk/{}", "/en/articles/{}/vote", "/en/articles/{}/seen.gif",
             "/en/categories/{}/feed.xml"]
)  # fmt: skip
def test_a_hidden_article_is_as_absent_as_one_that_never_was(seeded_client, path, slug):
    assert seeded_client.get(path.format(slug)).status_code == 404


def test_a_picture_that_only_hidden_articles_show_is_there_for_nobody(seeded_portal: Portal):
    shelf = seeded_portal.live.current().shelf

    assert shelf.image(PICTURE, audience="staff")
    assert an_app(seeded_portal).test_client().get(f"/media/{PICTURE}").status_code == 404


@pytest.mark.parametrize("lang", ["en", "sk"])
def test_a_word_that_only_hidden_articles_have_matches_nothing(seeded_portal: Portal, lang):
    found = seeded_portal.live.current().engine.search(CANARY, lang=lang, mode=Mode.KEYWORD)

    assert found.total == 0


def test_answers_beside_a_ticket_reveal_nothing(seeded_client):
    form = {"subject": "forgot password parcel", "description": "plan", "email": "a@example.com",
            "opened": "", "draft": "d1"}  # fmt: skip

    offered = seeded_client.post("/en/contact", data=form)
    sent = seeded_client.post("/en/contact", data=form | {"step": "send"}, follow_redirects=True)

    assert not _WORD.search(offered.text + sent.text)
    assert "Reset your password" in sent.text


def test_an_event_about_a_hidden_article_is_refused_like_one_about_none(seeded_client):
    event = {"type": "suggest_opened", "surface": "form", "locale": "en"}

    hidden, missing = (
        seeded_client.post("/api/v1/events", json=event | {"article": article})
        for article in ("en/account/hidden-draft", "en/account/nothing")
    )

    assert (hidden.status_code, hidden.json) == (missing.status_code, missing.json)
    assert hidden.status_code == 422
