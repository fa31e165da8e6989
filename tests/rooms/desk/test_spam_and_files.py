"""What looks like spam is apart and one press away; files are handed to agents alone."""

from __future__ import annotations

import io

import pytest

from kbportal.kernel.ids import new_token
from kbportal.wiring import Portal
from tests.builders import a_ticket, an_event
from tests.cast import an_app
from tests.files import LOG
from tests.rooms.help.forms import a_form, recorded


@pytest.fixture
def held(portal: Portal) -> int:
    """The number of a ticket in quarantine."""
    ticket = a_ticket(subject="Buy kettles", quarantine=("trap", "links"))
    return portal.tickets.file(ticket, an_event("ticket_created"))[0].number


def test_it_is_in_a_list_of_its_own(agent, held):
    spam = agent.get("/desk/?status=spam").text

    assert "Buy kettles" in spam
    assert "Buy kettles" not in agent.get("/desk/").text
    assert "Buy kettles" not in agent.get("/desk/?status=all").text
    assert "Suspected spam" in agent.get("/desk/").text


def test_without_any_there_is_no_such_list_to_look_through(agent, portal: Portal):
    portal.tickets.file(a_ticket(), an_event("ticket_created"))

    assert "Suspected spam" not in agent.get("/desk/").text


def test_its_page_says_why(agent, held):
    page = agent.get(f"/desk/{held}").text

    assert "This may be spam" in page
    assert "A field was filled in that people do not see." in page
    assert "It contains many links." in page


def test_one_press_makes_it_a_ticket_like_any_other(agent, held):
    response = agent.post(f"/desk/{held}/release")

    assert response.status_code == 303
    assert "This may be spam" not in agent.get(f"/desk/{held}").text
    assert "Buy kettles" in agent.get("/desk/").text


def test_a_robots_form_is_confirmed_like_any_other_and_counts_only_when_released(
    agent, portal: Portal
):
    customer = an_app(portal).test_client()
    usual = customer.post("/en/contact", data=a_form(opened="nonsense", website="x")).location
    (event,) = recorded(portal, "ticket_created")
    (ticket,) = portal.tickets.list().tickets

    assert "Thank you, we have it" in customer.get(usual).text
    assert ticket.quarantine == ("trap", "unsigned")
    assert event.reason == "suspected_spam"
    agent.post(f"/desk/{ticket.number}/release")
    (event,) = recorded(portal, "ticket_created")
    assert event.reason is None


def test_files_and_answers_stand_with_the_ticket(agent, portal: Portal):
    draft = new_token()
    form = a_form(draft=draft) | {"files": (io.BytesIO(LOG), "kettle.log")}
    an_app(portal).test_client().post("/en/contact", data=form, content_type="multipart/form-data")
    (ticket,) = portal.tickets.list().tickets
    (file,) = portal.attachments.of_ticket(ticket.id)
    address = f"/desk/{ticket.number}/files/{file.id}"

    assert address in agent.get(f"/desk/{ticket.number}").text
    response = agent.get(address)
    assert response.data == LOG
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response.headers["Cache-Control"]


def test_a_file_of_another_ticket_or_without_a_role_is_refused(agent, client, portal: Portal, held):
    draft = new_token()
    form = a_form(draft=draft) | {"files": (io.BytesIO(LOG), "kettle.log")}
    an_app(portal).test_client().post("/en/contact", data=form, content_type="multipart/form-data")
    ticket = portal.tickets.list().tickets[0]
    (file,) = portal.attachments.of_ticket(ticket.id)

    assert agent.get(f"/desk/{held}/files/{file.id}").status_code == 404
    assert client.get(f"/desk/{ticket.number}/files/{file.id}").status_code == 303
