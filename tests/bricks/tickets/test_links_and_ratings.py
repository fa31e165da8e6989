from __future__ import annotations

from datetime import timedelta

import pytest

from kbportal.kernel.ids import token_digest
from kbportal.storage import Stores
from kbportal.tickets import desk
from kbportal.tickets.errors import LinkEnded, MessageRefused, StatusRefused, TicketMissing
from kbportal.tickets.links import open_link, renew
from kbportal.tickets.model import Status, Ticket, Verdict
from kbportal.tickets.rating import MAX_COMMENT, rate
from tests.builders import NOON, a_ticket, an_event

MONTH = timedelta(days=30)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def ticket(stores: Stores) -> Ticket:
    made = a_ticket(token_digest=token_digest("secret"))
    return stores.tickets.file(made, an_event("ticket_created", ticket=made.id))[0]


def test_the_link_given_at_the_filing_opens_the_ticket(stores: Stores, ticket: Ticket):
    opened = open_link(stores.tickets, "secret", now=NOON + MONTH, lifetime=MONTH)

    assert (opened.ticket, opened.by_mail) == (ticket, False)


def test_a_link_that_never_was_is_missing(stores: Stores, ticket: Ticket):
    with pytest.raises(TicketMissing):
        open_link(stores.tickets, "secret2", now=NOON, lifetime=MONTH)


def test_a_link_ends_so_long_after_the_last_change(stores: Stores, ticket: Ticket):
    late = NOON + MONTH + timedelta(days=1)
    with pytest.raises(LinkEnded) as caught:
        open_link(stores.tickets, "secret", now=late, lifetime=MONTH)
    assert caught.value.facts["reason"] == "expired"

    desk.reply(stores.tickets, ticket, message_id="m1", body="Hm.", now=NOON + MONTH)

    assert open_link(stores.tickets, "secret", now=late, lifetime=MONTH)


def test_a_new_link_makes_the_old_ones_dead(stores: Stores, ticket: Ticket):
    fresh = renew(stores.tickets, ticket, now=LATER)

    assert open_link(stores.tickets, fresh, now=LATER, lifetime=MONTH).ticket == ticket
    with pytest.raises(LinkEnded) as caught:
        open_link(stores.tickets, "secret", now=LATER, lifetime=MONTH)
    assert caught.value.facts["reason"] == "revoked"


def _rate(stores: Stores, ticket: Ticket, verdict: Verdict, comment: str = "") -> None:
    found = stores.tickets.by_id(ticket.id)
    assert found
    rate(stores.tickets, found, verdict=verdict, comment=comment, now=LATER)


def test_help_is_rated_once_it_was_given(stores: Stores, ticket: Ticket):
    with pytest.raises(StatusRefused):
        _rate(stores, ticket, Verdict.YES)
    desk.resolve(stores.tickets, ticket, article_id=None, now=LATER)

    _rate(stores, ticket, Verdict.PARTLY, " Slow. \x00")

    kept = stores.tickets.rating(ticket.id)
    assert kept
    assert (kept.verdict, kept.comment) == (Verdict.PARTLY, "Slow.")


def test_a_rating_is_changed_by_another(stores: Stores, ticket: Ticket):
    desk.resolve(stores.tickets, ticket, article_id=None, now=LATER)
    _rate(stores, ticket, Verdict.NO, "Bad.")

    _rate(stores, ticket, Verdict.YES)

    kept = stores.tickets.rating(ticket.id)
    assert kept
    assert (kept.verdict, kept.comment) == (Verdict.YES, "")


def test_a_ticket_closed_without_an_answer_is_not_rated(stores: Stores, ticket: Ticket):
    desk.set_status(stores.tickets, ticket, status=Status.CLOSED, now=LATER)

    with pytest.raises(StatusRefused):
        _rate(stores, ticket, Verdict.YES)


def test_a_comment_has_an_end(stores: Stores, ticket: Ticket):
    desk.resolve(stores.tickets, ticket, article_id=None, now=LATER)

    with pytest.raises(MessageRefused):
        _rate(stores, ticket, Verdict.YES, "x" * (MAX_COMMENT + 1))


def test_a_finished_ticket_is_opened_again_and_an_open_one_left_alone(
    stores: Stores, ticket: Ticket
):
    assert desk.reopen(stores.tickets, ticket, now=LATER) == ticket
    solved = desk.resolve(stores.tickets, ticket, article_id="en/a/b", now=LATER)

    opened = desk.reopen(stores.tickets, solved, now=LATER)

    assert (opened.status, opened.solved_by_article) == (Status.OPEN, None)
