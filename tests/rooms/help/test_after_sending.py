"""The page after sending, the address of a ticket and its end, and rating the help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.mail.model import Kind, State
from kbportal.mail.sending import send_due
from kbportal.tickets import desk
from kbportal.tickets.model import Status, Verdict
from kbportal.tickets.submission import submit
from kbportal.wiring import Portal
from tests.builders import a_submission
from tests.cast import an_app
from tests.mailing import an_office

MAIL = {"mail_host": "mail.example", "mail_from": "help@acme.example",
        "site_url": "http://localhost"}  # fmt: skip
PATH = "/en/tickets/"


@pytest.fixture
def mailing(portal: Portal) -> Portal:
    """The same portal, with a mail server set."""
    return replace(portal, settings=replace(portal.settings, **MAIL))


@pytest.fixture
def page(portal: Portal) -> str:
    """The address of a new ticket's page."""
    return PATH + filed(portal)


def filed(portal: Portal, **facts: Any) -> str:
    """The secret of a new ticket."""
    done = submit(
        # The same words again and again would be taken for spam.
        a_submission(
            draft_id=new_id(), subject="Forgot password", description=new_id(), **facts
        ), portal.tickets,
        now=utc_now(), secret=b"x" * 32, ticket_id=new_id(), event_id=new_id(),
    )  # fmt: skip
    assert done.token
    return done.token


def solve(portal: Portal) -> None:
    ticket = portal.tickets.by_number(1001)
    assert ticket
    desk.resolve(portal.tickets, ticket, article_id=None, now=utc_now())


def sent_tokens(portal: Portal) -> list[str]:
    """The secrets in all letters that go out now."""
    texts: list[str] = []

    class Post:
        name = "test"

        def carry(self, message: Any, *, to: str, handing: Callable[[], None]) -> None:
            handing()
            texts.append(message.get_content())

    send_due(portal.outbox, Post(), an_office(), clock=utc_now, chance=lambda: 0.0)
    lines = [line for text in texts for line in text.splitlines() if "/tickets/" in line]
    return [line.rpartition("/")[2] for line in lines]


def test_number_and_reply_time_come_first(client: FlaskClient, page: str):
    text = client.get(page + "/sent").text

    assert text.index("Request 1001") < text.index("within 24 hours")


def test_without_a_mail_server_no_letter_is_promised(client: FlaskClient, page: str):
    assert "jana@example.com" not in client.get(page + "/sent").text


def test_a_letter_is_promised_with_its_address(mailing: Portal, page: str):
    text = an_app(mailing).test_client().get(page + "/sent").text

    assert "the link to its page to jana@example.com" in text


def test_the_page_does_not_tell_whether_an_address_was_used_before(mailing: Portal, page: str):
    second = PATH + filed(mailing)

    text = an_app(mailing).test_client().get(second + "/sent").text

    assert "the link to its page to jana@example.com" in text


def test_a_letter_that_failed_is_told(mailing: Portal, page: str):
    letter = mailing.outbox.claim(sender="s", now=utc_now())
    assert letter
    mailing.outbox.settle(letter, State.FAILED, now=utc_now(), error="550")

    text = an_app(mailing).test_client().get(page + "/sent").text

    assert "could not send an e-mail to jana@example.com" in text


def test_a_withdrawn_ticket_can_be_taken_up_again_on_the_page_after_sending(
    outspoken_client: FlaskClient, page: str
):
    outspoken_client.post(page + "/withdraw")

    text = outspoken_client.get(page + "/sent").text

    assert "Undo: I still need help" in text
    assert "While you wait" not in text


def test_a_closed_ticket_is_opened_again_by_a_button(client: FlaskClient, page: str):
    client.post(page + "/close")
    assert "Open it again" in client.get(page).text

    client.post(page + "/reopen")

    assert "We are on it" in client.get(page).text


def test_help_is_rated_after_it_was_given_and_not_before(
    client: FlaskClient, page: str, portal: Portal
):
    assert "Did we help you?" not in client.get(page).text
    assert client.post(page + "/rate", data={"verdict": "yes"}).status_code == 409
    solve(portal)
    assert "Did we help you?" in client.get(page).text

    client.post(page + "/rate", data={"verdict": "partly", "comment": "A <b>bit</b> slow"})

    text = client.get(page).text
    assert 'value="partly" checked' in text
    assert "A &lt;b&gt;bit&lt;/b&gt; slow" in text


def test_a_rating_can_be_changed(client: FlaskClient, page: str, portal: Portal):
    solve(portal)
    for verdict in ("no", "yes"):
        client.post(page + "/rate", data={"verdict": verdict})

    rating = portal.tickets.rating(portal.tickets.list().tickets[0].id)
    assert rating
    assert rating.verdict is Verdict.YES


def test_a_rating_without_a_choice_keeps_the_comment(
    client: FlaskClient, page: str, portal: Portal
):
    solve(portal)

    response = client.post(page + "/rate", data={"comment": "You were slow"})

    assert response.status_code == 422
    assert "You were slow" in response.text
    assert "Please choose one of these." in response.text


def test_a_field_that_the_page_does_not_have_is_refused(client: FlaskClient, page: str):
    response = client.post(page + "/reply", data={"body": "x", "status": "solved"})

    assert response.status_code == 400


def test_a_new_address_makes_the_old_one_useless(client: FlaskClient, page: str):
    fresh = client.post(page + "/renew").location.partition("#")[0]

    assert client.get(fresh).status_code == 200
    old = client.get(page)
    assert (old.status_code, "no-store" in old.headers["Cache-Control"]) == (410, True)
    assert '/en/tickets"' in old.text
    assert client.post(page + "/reply", data={"body": "x"}).status_code == 410


def test_an_address_ends_when_nothing_happened_for_long(portal: Portal, page: str):
    later = replace(portal, clock=lambda: utc_now() + timedelta(days=181))

    assert an_app(later).test_client().get(page).status_code == 410


def test_a_mailed_link_opens_the_ticket(client: FlaskClient, portal: Portal, page: str):
    (token,) = sent_tokens(portal)

    assert "Forgot password" in client.get(PATH + token).text


def test_using_a_mailed_link_proves_the_address_and_opening_it_does_not(
    client: FlaskClient, portal: Portal, page: str
):
    (token,) = sent_tokens(portal)
    client.get(PATH + token)
    filed(portal)
    assert sent_tokens(portal) == []

    client.post(f"{PATH}{token}/close")
    filed(portal)

    assert len(sent_tokens(portal)) == 1


def test_acting_on_the_page_given_at_the_filing_proves_nothing(
    client: FlaskClient, portal: Portal, page: str
):
    sent_tokens(portal)
    client.post(page + "/close")
    filed(portal)

    assert sent_tokens(portal) == []


def asked(client: FlaskClient, email: str) -> tuple[int, str, str]:
    """Status, whereto and page after asking for one's links."""
    response = client.post("/en/tickets", data={"email": email})
    return response.status_code, response.location or "", client.get("/en/tickets/asked").text


def test_known_and_unknown_addresses_are_answered_alike(client: FlaskClient, page: str):
    assert asked(client, "jana@example.com") == asked(client, "nobody@example.com")


def test_known_and_unknown_addresses_leave_the_same_trace(
    client: FlaskClient, portal: Portal, page: str
):
    before = portal.outbox.counts()[State.WAITING]
    asked(client, "jana@example.com")
    asked(client, "nobody@example.com")

    assert portal.outbox.counts()[State.WAITING] == before + 2


def test_links_go_to_those_who_have_tickets_once_an_hour(
    client: FlaskClient, portal: Portal, page: str
):
    portal.outbox.prove("jana@example.com", now=utc_now())
    (first,) = sent_tokens(portal)
    asked(client, "Jana@example.com")
    asked(client, "jana@example.com")
    asked(client, "nobody@example.com")

    (token,) = sent_tokens(portal)

    assert token != first
    assert client.get(PATH + token).status_code == 200


@pytest.mark.parametrize("email", ["", "jana", "a@b.example, c@d.example", "x@y.z\r\nBcc: a@b.c"])
def test_what_is_no_address_is_said_at_the_field(client: FlaskClient, email: str):
    response = client.post("/en/tickets", data={"email": email})

    assert response.status_code == 422
    assert "does not look like an e-mail address" in response.text


def test_asking_for_links_is_limited(portal: Portal):
    client = an_app(portal, RATELIMIT_ENABLED=True).test_client()

    codes = [asked(client, f"{n}@example.com")[0] for n in range(6)]

    assert codes == [303] * 5 + [429]


def test_what_an_agent_writes_is_a_letter(portal: Portal, page: str):
    ticket = portal.tickets.by_number(1001)
    assert ticket
    desk.answer(
        portal.tickets, ticket, message_id=new_id(), author="Petra", body="Hi", now=utc_now()
    )

    kinds = [one.kind for one in portal.outbox.of_ticket(ticket.id)]
    found = portal.tickets.by_number(1001)
    assert found
    assert (kinds, found.status) == ([Kind.RECEIVED, Kind.REPLIED], Status.WAITING)
