from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kbportal.storage import Stores
from kbportal.tickets import desk
from kbportal.tickets.errors import MessageRefused, StatusRefused, TicketMissing
from kbportal.tickets.model import Author, Status, Ticket
from tests.builders import NOON, RESET, a_ticket, an_event

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def ticket(stores: Stores) -> Ticket:
    made = a_ticket()
    return stores.tickets.file(made, an_event("ticket_created", ticket=made.id))[0]


def _answer(stores: Stores, ticket: Ticket, body: str = "Look\r\n\r\n\r\nhere. ") -> Ticket:
    return desk.answer(
        stores.tickets, ticket, message_id="m1", author="Petra", body=body, now=LATER
    )


def test_an_answered_ticket_waits_for_its_requester(stores: Stores, ticket: Ticket) -> None:
    answered = _answer(stores, ticket)

    (message,) = stores.tickets.messages(ticket.id)
    assert (answered.status, answered.updated) == (Status.WAITING, LATER)
    assert (message.author, message.body) == (Author.AGENT, "Look\n\nhere.")


@pytest.mark.parametrize("status", Status)
def test_a_reply_opens_the_ticket_whatever_its_state(
    stores: Stores, ticket: Ticket, status: Status
) -> None:
    stores.tickets.set_status(ticket.id, status, now=NOON, solved_by_article=RESET)

    replied = desk.reply(
        stores.tickets, replace(ticket, status=status), message_id="m1", body="No.", now=LATER
    )

    assert (replied.status, replied.solved_by_article) == (Status.OPEN, None)


def test_resolving_names_the_article_that_did_it(stores: Stores, ticket: Ticket) -> None:
    solved = desk.resolve(stores.tickets, ticket, article_id=RESET, now=LATER)

    assert (solved.status, solved.solved_by_article) == (Status.SOLVED, RESET)
    assert desk.set_status(
        stores.tickets, solved, status=Status.CLOSED, now=LATER
    ).solved_by_article


def test_opening_again_forgets_the_article(stores: Stores, ticket: Ticket) -> None:
    solved = desk.resolve(stores.tickets, ticket, article_id=RESET, now=LATER)

    opened = desk.set_status(stores.tickets, solved, status=Status.OPEN, now=LATER)

    assert opened.solved_by_article is None


@pytest.mark.parametrize("status", [Status.NEW, Status.WITHDRAWN])
def test_an_agent_neither_renews_nor_withdraws(
    stores: Stores, ticket: Ticket, status: Status
) -> None:
    with pytest.raises(StatusRefused):
        desk.set_status(stores.tickets, ticket, status=status, now=LATER)


def _withdraw(stores: Stores, ticket: Ticket, event_id: str = "w1") -> tuple[Ticket, bool]:
    return desk.withdraw(stores.tickets, ticket, article_id=RESET, event_id=event_id, now=LATER)


def test_withdrawing_twice_is_withdrawing_once(stores: Stores, ticket: Ticket) -> None:
    withdrawn, did = _withdraw(stores, ticket)
    again, did_again = _withdraw(stores, withdrawn, "w2")

    assert (withdrawn.status, again, did, did_again) == (Status.WITHDRAWN, withdrawn, True, False)
    assert len(stores.events.of_visitor("v1", LATER, LATER)) == 1


def test_undoing_a_withdrawal_is_noted_for_the_statistics(stores: Stores, ticket: Ticket) -> None:
    withdrawn, _ = _withdraw(stores, ticket)

    opened = desk.undo_withdrawal(stores.tickets, withdrawn, now=LATER + timedelta(minutes=1))

    events = stores.events.of_visitor("v1", LATER, LATER + timedelta(hours=1))
    assert (opened.status, [event.value for event in events]) == (Status.OPEN, [None, "undone"])


def test_a_finished_ticket_cannot_be_withdrawn(stores: Stores, ticket: Ticket) -> None:
    solved = desk.resolve(stores.tickets, ticket, article_id=None, now=LATER)

    with pytest.raises(StatusRefused):
        _withdraw(stores, solved)


@pytest.mark.parametrize(("body", "problem"), [(" \n ", "required"), ("x" * 20_001, "too_long")])
def test_a_message_has_text_and_an_end(
    stores: Stores, ticket: Ticket, body: str, problem: str
) -> None:
    with pytest.raises(MessageRefused) as caught:
        _answer(stores, ticket, body)

    assert caught.value.facts["problem"] == problem


def test_work_on_no_ticket_is_told(stores: Stores) -> None:
    with pytest.raises(TicketMissing):
        _answer(stores, a_ticket())
    with pytest.raises(TicketMissing):
        _withdraw(stores, a_ticket())
