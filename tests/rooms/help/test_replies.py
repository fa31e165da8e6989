"""Replies with files: nothing typed or chosen is lost, and nothing is said twice."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_token
from kbportal.storage import StorageUnavailable
from kbportal.tickets import links
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.files import HTML, LOG
from tests.rooms.help.test_after_sending import PATH, filed


@pytest.fixture
def page(portal: Portal) -> str:
    """The address of a new ticket's page."""
    return PATH + filed(portal)


def reply(client: FlaskClient, page: str, body: str, *files: tuple[bytes, str], **more: Any) -> Any:
    """A reply as a browser sends it."""
    data = {"body": body, "files": [(io.BytesIO(one), name) for one, name in files], **more}
    return client.post(page + "/reply", data=data, content_type="multipart/form-data")


def test_a_file_comes_with_a_reply_and_can_be_had_from_the_page(client: FlaskClient, page: str):
    assert reply(client, page, "Here is the log.", (LOG, "kettle.log")).status_code == 303

    text = client.get(page).text
    (link,) = re.findall(rf'href="({page}/files/[^"]+)"', text)
    assert text.index("Here is the log.") < text.index("kettle.log")
    assert client.get(link).data == LOG


def test_a_file_of_another_ticket_is_not_there(client: FlaskClient, portal: Portal, page: str):
    reply(client, page, "Here is the log.", (LOG, "kettle.log"))
    (link,) = re.findall(rf'href="({page}/files/[^"]+)"', client.get(page).text)
    other = PATH + filed(portal)

    assert client.get(link.replace(page, other)).status_code == 404


def test_a_file_that_is_not_taken_costs_neither_the_text_nor_the_others(
    client: FlaskClient, page: str
):
    response = reply(client, page, "See the log.", (LOG, "kettle.log"), (HTML, "page.png"))

    assert response.status_code == 422
    assert "See the log." in response.text
    assert "page.png” is not what its name says" in response.text
    assert "kettle.log" in response.text
    draft = re.search(r'name="draft" value="([^"]+)"', response.text)
    assert draft

    assert reply(client, page, "See the log.", draft=draft[1]).status_code == 303
    assert "kettle.log" in client.get(page).text


def test_a_reply_without_text_keeps_its_file(client: FlaskClient, page: str):
    response = reply(client, page, " ", (LOG, "kettle.log"))

    assert response.status_code == 422
    assert "Please write something first." in response.text
    assert "kettle.log" in response.text


def test_a_reply_that_is_sent_twice_is_said_once(client: FlaskClient, page: str):
    draft = new_token()
    codes = [reply(client, page, "Any news?", draft=draft).status_code for _ in range(2)]

    assert codes == [303, 303]
    assert client.get(page).text.count("Any news?") == 1


def test_a_double_click_says_it_once(portal: Portal, page: str):
    draft = new_token()
    browsers = [an_app(portal).test_client() for _ in range(4)]

    def press(browser: FlaskClient) -> int:
        return reply(browser, page, "Any news?", draft=draft).status_code

    with ThreadPoolExecutor(4) as clicks:
        codes = list(clicks.map(press, browsers))

    assert codes == [303] * 4
    assert an_app(portal).test_client().get(page).text.count("Any news?") == 1


def test_a_reply_that_was_changed_and_sent_again_is_not_lost(client: FlaskClient, page: str):
    draft = new_token()
    for body in ("Any news?", "Any news? It hums louder."):
        assert reply(client, page, body, draft=draft).status_code == 303

    assert "It hums louder." in client.get(page).text


def test_a_file_that_was_forgotten_comes_with_the_same_text(client: FlaskClient, page: str):
    draft = new_token()
    reply(client, page, "Here is the log.", draft=draft)

    reply(client, page, "Here is the log.", (LOG, "kettle.log"), draft=draft)

    text = client.get(page).text
    assert (text.count("Here is the log."), text.count("kettle.log")) == (1, 1)


def test_the_same_reply_may_be_given_to_two_tickets(client: FlaskClient, portal: Portal, page: str):
    draft, other = new_token(), PATH + filed(portal)
    codes = [reply(client, one, "Any news?", draft=draft).status_code for one in (page, other)]

    assert codes == [303, 303]
    assert "Any news?" in client.get(other).text


def test_a_database_that_is_away_costs_no_text(portal: Portal, page: str):
    class Away:
        def __init__(self, store: Any) -> None:
            self.by_token_digest, self.messages = store.by_token_digest, store.messages
            self.rating = store.rating

        def add_message(self, *_: object, **__: object) -> None:
            raise StorageUnavailable("locked")

    away = replace(portal, tickets=Away(portal.tickets))  # type: ignore[arg-type]
    response = reply(an_app(away).test_client(), page, "Long story.", (LOG, "kettle.log"))

    assert response.status_code == 503
    assert "Long story." in response.text
    assert "kettle.log" in response.text


def test_a_page_that_was_open_for_too_long_gives_text_and_files_back(portal: Portal, page: str):
    client = an_app(portal, WTF_CSRF_ENABLED=True).test_client()

    response = reply(client, page, "Long story.", (LOG, "kettle.log"), draft=new_token())

    assert response.status_code == 400
    assert "Nothing is lost" in response.text
    assert "Long story." in response.text
    assert "kettle.log" in response.text


def test_an_address_that_has_ended_says_so_to_old_forms_as_well(portal: Portal, page: str):
    ticket = portal.tickets.by_number(1001)
    assert ticket
    links.renew(portal.tickets, ticket, now=utc_now())
    client = an_app(portal, WTF_CSRF_ENABLED=True).test_client()

    assert reply(client, page, "Long story.").status_code == 410


def test_too_many_replies_give_the_text_back(portal: Portal, page: str):
    client = an_app(portal, RATELIMIT_ENABLED=True).test_client()
    for _ in range(60):
        client.post(page + "/reply", data={"body": " "})

    response = client.post(page + "/reply", data={"body": "Long story."})

    assert response.status_code == 429
    assert "Long story." in response.text
    assert "Retry-After" in response.headers
