from __future__ import annotations

from dataclasses import replace

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.mail.model import State
from kbportal.tickets import desk
from kbportal.tickets.model import Verdict
from kbportal.tickets.rating import rate
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.staff import signed_in


@pytest.fixture
def trouble(portal: Portal, filed):
    """Makes a ticket whose confirmation ended in this state; gives the letter's id."""

    def make(state: State, error: str = "550 <b>nobody</b> here") -> str:
        filed()
        letter = portal.outbox.claim(sender="s", now=utc_now())
        assert letter
        portal.outbox.handing(letter)
        portal.outbox.settle(letter, state, now=utc_now(), error=error, via="smtp")
        return letter.id

    return make


def test_a_letter_that_failed_is_listed_with_its_reason(agent, trouble):
    trouble(State.FAILED)

    text = agent.get("/desk/letters").text

    assert "Could not be sent" in text
    assert "550 &lt;b&gt;nobody&lt;/b&gt; here" in text
    assert "1 e-mail needs a decision" in agent.get("/desk/").text


@pytest.mark.parametrize("state", [State.FAILED, State.UNSURE])
def test_a_letter_is_tried_again_when_an_agent_says_so(agent, trouble, portal, state):
    letter = trouble(state)

    assert agent.post(f"/desk/letters/{letter}/again").status_code == 303

    assert portal.outbox.counts()[State.WAITING] == 1
    assert agent.post(f"/desk/letters/{letter}/again").status_code == 409


def test_a_letter_that_arrived_after_all_is_let_be(agent, trouble, portal):
    letter = trouble(State.UNSURE)
    assert "Perhaps sent" in agent.get("/desk/letters").text

    agent.post(f"/desk/letters/{letter}/drop")

    assert portal.outbox.counts()[State.VOID] == 1
    assert "Perhaps sent" not in agent.get("/desk/letters").text


def test_a_letter_that_is_not_there_is_no_matter_of_ours(agent):
    assert agent.post("/desk/letters/nothing/again").status_code == 409


@pytest.mark.parametrize(
    ("state", "word"),
    [(State.SENT, "Sent"), (State.FAILED, "Could not be sent"), (State.UNSURE, "Perhaps sent")],
)
def test_a_ticket_shows_how_its_last_letter_fared(agent, trouble, state, word):
    trouble(state)

    assert f"Confirmation: <strong>{word}</strong>" in agent.get("/desk/1001").text


def test_a_letter_in_a_file_is_not_called_sent(agent, portal, filed):
    filed()
    letter = portal.outbox.claim(sender="s", now=utc_now())
    portal.outbox.settle(letter, State.SENT, now=utc_now(), via="console")

    assert "In a file; no mail server is set" in agent.get("/desk/1001").text


def test_the_answer_says_how_the_customer_gets_it(portal, agent, filed):
    filed()
    assert "reads it on the page of their request" in agent.get("/desk/1001").text

    mailing = replace(portal, settings=replace(portal.settings, mail_host="mail.example"))
    other = signed_in(mailing, "manager", app=an_app(mailing))

    assert "gets it by e-mail" in other.get("/desk/1001").text


def test_an_answer_that_solves_it_is_one_letter(portal, agent, filed):
    ticket = filed()

    agent.post("/desk/1001/resolve", data={"article": "-", "body": "Done."})

    kinds = [str(one.kind) for one in portal.outbox.of_ticket(ticket.id)]
    assert kinds == ["received", "solved"]


def test_what_the_customer_says_of_the_help_is_shown(portal, agent, filed):
    ticket = filed()
    solved = desk.resolve(portal.tickets, ticket, article_id=None, now=utc_now())
    rate(portal.tickets, solved, verdict=Verdict.NO, comment="<script>\nSlow", now=utc_now())

    text = agent.get("/desk/1001").text

    assert "&lt;script&gt;" in text
    assert "<strong>No</strong>" in text


def test_an_agent_makes_all_addresses_of_a_ticket_dead(portal, agent, filed):
    ticket = filed()

    response = agent.post("/desk/1001/links", follow_redirects=True)

    assert "have ended" in response.text
    found = portal.tickets.by_token_digest(ticket.token_digest)
    assert found[1].revoked is not None
