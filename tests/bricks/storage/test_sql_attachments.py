from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from kbportal.storage import Stores
from kbportal.tickets.model import Author, Message, Status, Ticket
from tests.builders import NOON, a_draft_of, a_ticket, an_attachment, an_event

LATER = NOON + timedelta(days=8)
HOUR = timedelta(hours=1)


@contextmanager
def few_variables(most: int) -> Iterator[None]:
    """Databases that are opened meanwhile allow no more variables in a statement."""

    def limit(connection: Any, _record: object) -> None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, most)

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def file(stores: Stores, *, draft: str = "d", **facts: str) -> tuple[Ticket, bool]:
    return stores.tickets.file(a_ticket(**facts), an_event("ticket_created"), draft=draft)


def test_a_file_sent_twice_is_one(stores: Stores) -> None:
    first = stores.attachments.add(an_attachment(digest="x"))

    assert stores.attachments.add(an_attachment(digest="x")) == first
    assert stores.attachments.of_draft("d") == (first,)


def test_files_become_the_tickets_together_with_it(stores: Stores) -> None:
    mine, other = an_attachment(), an_attachment(draft="other")
    stores.attachments.add(mine)
    stores.attachments.add(other)

    ticket, _ = file(stores)

    assert stores.attachments.of_ticket(ticket.id) == (
        replace(mine, draft=None, ticket_id=ticket.id),
    )
    assert stores.attachments.of_draft("other") == (other,)


def test_files_stay_with_the_draft_when_the_ticket_cannot_be_kept(stores: Stores) -> None:
    mine = stores.attachments.add(an_attachment())
    broken = replace(an_event("ticket_created"), ua_class=None)  # type: ignore[arg-type]

    with pytest.raises(Exception, match=r"(?i)not.?null"):
        stores.tickets.file(a_ticket(), broken, draft="d")

    assert stores.attachments.of_draft("d") == (mine,)


def test_the_same_form_sent_again_brings_only_what_is_new(stores: Stores) -> None:
    stores.attachments.add(an_attachment(digest="a"))
    ticket, _ = file(stores, draft_id="one", token_digest="t")
    stores.attachments.add(an_attachment(digest="a"))
    stores.attachments.add(an_attachment(digest="b"))

    _, is_new = file(stores, draft_id="one", token_digest="t")

    assert not is_new
    assert [one.digest for one in stores.attachments.of_ticket(ticket.id)] == ["a", "b"]


def test_another_text_under_the_same_draft_gives_its_files_to_nobody(stores: Stores) -> None:
    ticket, _ = file(stores, draft_id="one", token_digest="t")
    stores.attachments.add(an_attachment())

    file(stores, draft_id="one", token_digest="u")

    assert stores.attachments.of_ticket(ticket.id) == ()


def test_a_ticket_gets_five_files_at_most(stores: Stores) -> None:
    for _ in range(7):
        stores.attachments.add(an_attachment())

    ticket, _ = file(stores)

    assert len(stores.attachments.of_ticket(ticket.id)) == 5


def test_files_of_a_message_are_known_as_its_own(stores: Stores) -> None:
    ticket, _ = file(stores)
    stores.attachments.add(an_attachment(draft="reply"))
    message = Message("m", ticket.id, Author.REQUESTER, "Jana", "See the picture.", NOON)

    stores.tickets.add_message(message, status=Status.OPEN, draft="reply")

    (found,) = stores.attachments.of_ticket(ticket.id)
    assert (found.message_id, found.draft) == ("m", None)


def test_only_the_draft_that_a_file_waits_with_can_remove_it(stores: Stores) -> None:
    mine = stores.attachments.add(an_attachment())

    assert stores.attachments.remove("other", mine.id) is None
    assert stores.attachments.remove("d", mine.id) == mine
    assert stores.attachments.of_draft("d") == ()


def test_files_that_were_never_sent_are_forgotten_with_their_draft(stores: Stores) -> None:
    draft = stores.drafts.save(a_draft_of(subject="hums"), base=0)
    assert draft
    waiting = stores.attachments.add(an_attachment(draft=draft.digest))
    lost = stores.attachments.add(an_attachment())
    sent = stores.attachments.add(an_attachment(draft="sent"))
    file(stores, draft="sent")

    assert stores.attachments.waiting_bytes() == 10
    assert stores.attachments.purge(before=LATER) == (lost.stored,)
    assert stores.attachments.known([waiting.stored, lost.stored, sent.stored]) == {
        waiting.stored,
        sent.stored,
    }


def test_the_oldest_files_without_a_draft_make_room_first(stores: Stores) -> None:
    draft = stores.drafts.save(a_draft_of(subject="hums"), base=0)
    assert draft
    stores.attachments.add(an_attachment(draft=draft.digest, created=NOON - HOUR))
    stores.attachments.add(an_attachment(draft="sent", created=NOON - HOUR))
    file(stores, draft="sent")
    young = stores.attachments.add(an_attachment(draft="young"))
    old = [stores.attachments.add(an_attachment(created=NOON - HOUR)) for _ in range(2)]

    assert set(stores.attachments.evict(6, spared="mine")) == {one.stored for one in old}
    assert stores.attachments.evict(0, spared="mine") == ()
    assert stores.attachments.evict(1_000, spared="young") == ()
    assert stores.attachments.evict(1_000, spared="mine") == (young.stored,)
    assert stores.attachments.waiting_bytes() == 5


@pytest.mark.sqlite
def test_more_files_than_a_statement_has_variables_are_forgotten(stores: Stores) -> None:
    with few_variables(600):
        waiting = [stores.attachments.add(an_attachment(draft=f"{n}")) for n in range(650)]
        stored = [one.stored for one in waiting]

        assert stores.attachments.known(stored) == set(stored)
        assert len(stores.attachments.evict(5 * 610, spared="mine")) == 610
        assert len(stores.attachments.purge(before=LATER)) == 40


def test_files_can_be_passed_on_to_another_draft(stores: Stores) -> None:
    mine = stores.attachments.add(an_attachment())

    stores.attachments.pass_on("d", "e")

    assert stores.attachments.of_draft("d") == ()
    assert stores.attachments.of_draft("e") == (replace(mine, draft="e"),)
