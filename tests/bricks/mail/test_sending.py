"""The outbox and one sender: what is written goes out once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from kbportal.kernel.ids import token_digest
from kbportal.mail.errors import Postponed, Refused, Unreachable, Unsure
from kbportal.mail.model import Kind, Letter, State
from kbportal.mail.sending import Round, send_due
from kbportal.storage import Stores
from kbportal.tickets import desk
from kbportal.tickets.letters import received
from kbportal.tickets.links import asked_for, open_link, renew
from kbportal.tickets.model import Status, Ticket
from tests.builders import NOON, a_ticket, an_event
from tests.mailing import HOUR, an_office

YEAR = timedelta(days=365)


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Post:
    """A carrier that keeps what it takes, and fails as told."""

    name: str = "test"
    error: Exception | None = None
    crash: str = ""
    taken: list[EmailMessage] = field(default_factory=list)

    def carry(self, message: EmailMessage, *, to: str, handing: Callable[[], None]) -> None:
        if isinstance(self.error, Unreachable | Postponed | Refused):
            raise self.error
        if self.crash == "before":
            raise Crash
        handing()
        if self.crash == "within":
            raise Crash
        self.taken.append(message)
        if self.crash == "after":
            raise Crash
        if self.error:
            raise self.error


def send(stores: Stores, post: Post, now: datetime = NOON, **facts: Any) -> Round:
    return send_due(stores.outbox, post, an_office(**facts), clock=lambda: now, chance=lambda: 0.0)


def filed(stores: Stores, **facts: Any) -> Ticket:
    ticket = a_ticket(**facts)
    event = an_event("ticket_created", ticket=ticket.id)
    return stores.tickets.file(ticket, event, letter=received(ticket))[0]


def answered(stores: Stores, ticket: Ticket, now: datetime = NOON + HOUR, id_: str = "m1") -> None:
    desk.answer(stores.tickets, ticket, message_id=id_, author="Petra", body="Look.", now=now)


def letters(stores: Stores, ticket: Ticket) -> list[Letter]:
    return list(stores.outbox.of_ticket(ticket.id))


def token_in(message: EmailMessage) -> str:
    (line,) = [one for one in message.get_content().splitlines() if "/tickets/" in one]
    return str(line).rpartition("/")[2]


@pytest.fixture
def ticket(stores: Stores) -> Ticket:
    return filed(stores)


def test_a_ticket_is_confirmed_once(stores: Stores, ticket: Ticket):
    post = Post()

    assert (send(stores, post).sent, send(stores, post).sent) == (1, 0)
    (letter,) = letters(stores, ticket)
    assert (letter.state, letter.sent, letter.via) == (State.SENT, NOON, "test")


def test_the_link_in_a_letter_opens_the_ticket_and_is_known_to_be_mailed(
    stores: Stores, ticket: Ticket
):
    post = Post()
    send(stores, post)

    opened = open_link(stores.tickets, token_in(post.taken[0]), now=NOON, lifetime=YEAR)

    assert (opened.ticket.id, opened.by_mail) == (ticket.id, True)


@pytest.mark.sqlite
def test_no_secret_of_a_link_is_in_the_database(stores: Stores, ticket: Ticket, tmp_path: Any):
    post = Post()
    send(stores, post)
    stores.close()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("kbportal.sqlite*"))

    assert token_digest(token_in(post.taken[0])).encode() in kept
    assert token_in(post.taken[0]).encode() not in kept


def test_an_outage_of_a_day_loses_nothing(stores: Stores, ticket: Ticket):
    away, now = Post(error=Unreachable("away")), NOON
    for _ in range(24 * 6):
        send(stores, away, now)
        now += timedelta(minutes=10)
    post = Post()

    assert send(stores, post, now + HOUR).sent == 1
    (letter,) = letters(stores, ticket)
    assert 24 < letter.tries < 40


def test_a_server_that_is_away_is_asked_by_one_letter_at_a_time(stores: Stores):
    for number in range(3):
        filed(stores, email=f"{number}@example.com")

    done = send(stores, Post(error=Unreachable("away")))

    assert (done.postponed, done.reachable) == (1, False)


def test_one_letter_that_is_put_off_does_not_hold_up_the_others(stores: Stores):
    for number in range(3):
        filed(stores, email=f"{number}@example.com")

    assert send(stores, Post(error=Postponed("later"))).postponed == 3


def test_after_three_days_a_letter_is_given_up_and_may_be_tried_again(
    stores: Stores, ticket: Ticket
):
    late = NOON + timedelta(hours=72)
    send(stores, Post(error=Unreachable("away")), late)
    ((letter, number),) = stores.outbox.troubled()
    assert (letter.state, letter.error, number) == (State.FAILED, "away", 1001)

    assert stores.outbox.again(letter.id, now=late)

    assert send(stores, Post(), late).sent == 1


def test_a_letter_that_is_refused_is_not_tried_again_by_itself(stores: Stores, ticket: Ticket):
    send(stores, Post(error=Refused("550 nobody here")))
    post = Post()

    assert send(stores, post, NOON + timedelta(days=1)) == Round()
    assert stores.outbox.counts()[State.FAILED] == 1


def test_a_letter_that_perhaps_went_waits_for_a_person(stores: Stores, ticket: Ticket):
    send(stores, Post(error=Unsure("hung up")))
    post = Post()
    assert send(stores, post, NOON + timedelta(days=1)) == Round()
    ((letter, _),) = stores.outbox.troubled()

    assert stores.outbox.drop(letter.id, now=NOON)

    assert stores.outbox.counts()[State.VOID] == 1
    assert not stores.outbox.again(letter.id, now=NOON)


@pytest.mark.parametrize(
    ("crash", "state", "taken"),
    [("before", State.SENT, 1), ("within", State.UNSURE, 0), ("after", State.UNSURE, 1)],
)
def test_whenever_the_process_ends_nothing_is_sent_twice(
    stores: Stores, ticket: Ticket, crash: str, state: State, taken: int
):
    post = Post(crash=crash)
    with pytest.raises(Crash):
        send(stores, post)

    post.crash = ""
    stores.outbox.recover(sender="this sender", now=NOON)
    send(stores, post)

    assert letters(stores, ticket)[0].state is state
    assert len(post.taken) == taken


def test_what_another_sender_has_in_hand_is_left_to_it_for_a_while(stores: Stores, ticket: Ticket):
    with pytest.raises(Crash):
        send(stores, Post(crash="before"), name="another")
    stores.outbox.recover(sender="this sender", now=NOON)
    assert send(stores, Post()).sent == 0

    later = NOON + HOUR
    stores.outbox.recover(sender="this sender", now=later)

    assert send(stores, Post(), later).sent == 1


def test_a_sender_that_lost_its_letter_hands_nothing_over(stores: Stores, ticket: Ticket):
    slow = Post()

    def steal(message: EmailMessage, *, to: str, handing: Callable[[], None]) -> None:
        stores.outbox.recover(sender="another", now=NOON + HOUR)
        assert send(stores, Post(), NOON + HOUR, name="another").sent == 1
        handing()
        slow.taken.append(message)

    slow.carry = steal  # type: ignore[method-assign]
    send(stores, slow)

    assert slow.taken == []
    assert letters(stores, ticket)[0].state is State.SENT


def test_an_answer_and_its_letter_are_one_transaction(stores: Stores, ticket: Ticket):
    send(stores, Post())
    answered(stores, ticket)
    post = Post()

    send(stores, post, NOON + HOUR)

    assert "Petra has answered your request 1001" in post.taken[0].get_content()


def test_an_answer_that_solves_it_is_one_letter(stores: Stores, ticket: Ticket):
    send(stores, Post())
    now = NOON + HOUR
    answered(stores, ticket, now)
    desk.resolve(stores.tickets, ticket, article_id=None, now=now, message_id="m1")
    post = Post()

    send(stores, post, now)

    (message,) = post.taken
    assert "is solved, we think" in message.get_content()
    assert "Look." in message.get_content()


def test_that_it_is_solved_is_not_told_when_it_was_opened_again(stores: Stores, ticket: Ticket):
    send(stores, Post())
    now = NOON + HOUR
    desk.resolve(stores.tickets, ticket, article_id=None, now=now)
    desk.reply(stores.tickets, ticket, message_id="m2", body="No!", now=now)

    assert send(stores, Post(), now).void == 1


def test_an_address_that_is_not_proven_gets_one_letter_an_hour(stores: Stores, ticket: Ticket):
    filed(stores)
    answered(stores, ticket, NOON, "m1")
    answered(stores, ticket, NOON, "m2")
    post = Post()

    counts = [send(stores, post, NOON + timedelta(minutes=30 * n)).sent for n in range(6)]

    assert counts == [1, 0, 1, 0, 1, 0]


def test_letters_that_waited_for_a_server_still_go_an_hour_apart(stores: Stores, ticket: Ticket):
    answered(stores, ticket, NOON, "m1")
    later = NOON + timedelta(hours=5)

    assert send(stores, Post(), later).sent == 1
    assert send(stores, Post(), later + HOUR).sent == 1


def test_a_proven_address_gets_each_letter_at_once(stores: Stores, ticket: Ticket):
    stores.outbox.prove("JANA@example.com", now=NOON)
    answered(stores, ticket, NOON, "m1")

    assert send(stores, Post()).sent == 2


def test_links_are_sent_for_all_tickets_of_an_address(stores: Stores, ticket: Ticket):
    filed(stores, email="Jana@Example.com")
    filed(stores, email="other@example.com")
    stores.outbox.prove("jana@example.com", now=NOON)
    stores.outbox.add(asked_for("jana@example.com", lang="en", now=NOON))
    post = Post()

    send(stores, post)

    text = post.taken[-1].get_content()
    assert [number in text for number in ("1002", "1001", "1003")] == [True, True, False]


def test_links_are_sent_however_an_address_with_other_letters_was_typed(stores: Stores):
    filed(stores, email="ŽOFIA@example.com")
    stores.outbox.prove("žofia@example.com", now=NOON)
    stores.outbox.add(asked_for("žofia@example.com", lang="en", now=NOON))
    post = Post()

    send(stores, post)

    assert "1001" in post.taken[-1].get_content()


def test_no_link_to_a_ticket_in_quarantine_is_sent(stores: Stores):
    suspect = a_ticket(email="jana@example.com", quarantine=("trap",))
    stores.tickets.file(suspect, an_event("ticket_created", ticket=suspect.id))
    stores.outbox.add(asked_for("jana@example.com", lang="en", now=NOON))
    post = Post()

    send(stores, post)

    assert post.taken == []


def test_an_unknown_address_leaves_the_same_trace_and_gets_nothing(stores: Stores):
    assert stores.outbox.add(asked_for("nobody@example.com", lang="en", now=NOON))
    post = Post()

    assert send(stores, post).void == 1
    assert post.taken == []
    again = asked_for("nobody@example.com", lang="en", now=NOON + timedelta(minutes=59))
    assert not stores.outbox.add(again)


def test_what_went_long_ago_is_forgotten_and_what_needs_somebody_is_not(
    stores: Stores, ticket: Ticket
):
    send(stores, Post())
    filed(stores, email="b@example.com")
    send(stores, Post(error=Refused("no")))

    assert stores.outbox.purge(NOON + timedelta(days=1)) == 1
    assert stores.outbox.counts()[State.FAILED] == 1


def test_a_link_that_was_revoked_does_not_come_back_with_a_later_try(
    stores: Stores, ticket: Ticket
):
    send(stores, Post(error=Unreachable("away")))
    renew(stores.tickets, ticket, now=NOON)
    post = Post()

    send(stores, post, NOON + HOUR)

    assert open_link(stores.tickets, token_in(post.taken[0]), now=NOON, lifetime=YEAR)


def test_a_ticket_in_quarantine_is_confirmed_when_it_is_released(stores: Stores):
    suspect = a_ticket(quarantine=("trap",))
    kept, _ = stores.tickets.file(suspect, an_event("ticket_created", ticket=suspect.id))
    assert send(stores, Post()) == Round()

    stores.tickets.release(kept.id, now=NOON + HOUR)

    assert send(stores, Post(), NOON + HOUR).sent == 1


def test_every_state_is_counted(stores: Stores, ticket: Ticket):
    counts = stores.outbox.counts()

    assert (counts[State.WAITING], counts[State.SENT], set(counts)) == (1, 0, set(State))
    assert stores.outbox.oldest_waiting() == NOON
    assert letters(stores, ticket)[0].kind is Kind.RECEIVED
    assert stores.tickets.by_id(ticket.id).status is Status.NEW  # type: ignore[union-attr]
