"""The requester's own page: whoever has the address, and nobody else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from kbportal.wiring import Portal
from tests.rooms.help.forms import a_form, recorded


@pytest.fixture
def page(client: FlaskClient) -> str:
    """The address of a ticket's page."""
    form = a_form(subject="Forgot password", description="<b>forgot</b> password")
    return client.post("/en/contact", data=form).location.removesuffix("/sent")


def test_a_ticket_shows_its_conversation_as_plain_text(client, page):
    assert "&lt;b&gt;forgot&lt;/b&gt; password" in client.get(page).text


def test_a_guessed_address_shows_nothing(client, page):
    assert client.get(page + "x").status_code == 404


def test_a_ticket_page_is_kept_by_nobody(client, page):
    response = client.get(page)

    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_a_reply_appears_and_opens_the_ticket(client, page):
    assert client.post(page + "/reply", data={"body": "Any news?"}).status_code == 303

    text = client.get(page).text
    assert "Any news?" in text
    assert "We are on it" in text


def test_an_empty_reply_says_what_is_missing(client, page):
    response = client.post(page + "/reply", data={"body": "  "})

    assert response.status_code == 422
    assert "Please write something first." in response.text


def test_a_ticket_can_be_withdrawn_with_the_article_that_helped(client, page, portal: Portal):
    client.post(page + "/withdraw", data={"article": "en/account/reset-password"})

    text = client.get(page).text
    assert "You withdrew this request" in text
    assert "Reset your password" in text
    (event,) = recorded(portal, "ticket_withdrawn")
    assert event.article == "en/account/reset-password"


def test_withdrawing_can_be_undone(client, page):
    client.post(page + "/withdraw")

    client.post(page + "/undo")

    assert "We are on it" in client.get(page).text


def test_a_closed_ticket_opens_with_the_next_reply(client, page):
    client.post(page + "/close")
    assert "Closed" in client.get(page).text

    client.post(page + "/reply", data={"body": "Sorry, once more."})

    assert "We are on it" in client.get(page).text


def test_after_sending_an_article_is_offered_with_withdraw(outspoken_client, page):
    text = outspoken_client.get(page + "/sent").text

    assert text.index("Request 1001") < text.index("While you wait")
    assert "This helped: withdraw my request" in text
