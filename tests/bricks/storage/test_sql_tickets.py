from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kbportal.events.catalog import SUSPECTED
from kbportal.people.audit import Action, audit_line
from kbportal.storage import Stores, open_stores
from kbportal.tickets.model import Answer, Link, Status
from tests.builders import NOON, a_ticket, an_event


def _race(url: str, barrier: Any, worker: int, found: Any) -> None:
    store = open_stores(url).tickets
    for round_ in range(20):
        ticket = a_ticket(
            id=f"{worker}-{round_}",
            token_digest=f"{worker}-{round_}",
            draft_id=f"draft-{round_}",
        )
        event = an_event("ticket_created", event_id=f"{worker}-{round_}", ticket=ticket.id)
        barrier.wait()
        kept, is_new = store.file(ticket, event)
        found.put((round_, kept.number, is_new))


def test_of_two_processes_that_file_one_draft_one_does(database_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    barrier, found = context.Barrier(2), context.Queue()
    racers = [
        context.Process(target=_race, args=(database_url, barrier, worker, found))
        for worker in range(2)
    ]
    for racer in racers:
        racer.start()
    results = [found.get(timeout=60) for _ in range(40)]
    for racer in racers:
        racer.join(10)

    assert sorted({(round_, number) for round_, number, _ in results}) == [
        (round_, 1001 + round_) for round_ in range(20)
    ]
    assert sum(is_new for _, _, is_new in results) == 20
    assert len(list(open_stores(database_url).events.read(NOON, NOON.replace(hour=13)))) == 20


def test_many_threads_file_tickets_without_gaps_or_loss(stores: Stores) -> None:
    def file(_: int) -> int:
        return stores.tickets.file(a_ticket(), an_event("ticket_created"))[0].number

    with ThreadPoolExecutor(16) as pool:
        numbers = sorted(pool.map(file, range(200)))

    assert numbers == list(range(1001, 1201))


def test_a_ticket_whose_event_cannot_be_kept_is_not_kept_either(stores: Stores) -> None:
    broken = replace(an_event("ticket_created"), ua_class=None)  # type: ignore[arg-type]

    with pytest.raises(Exception, match=r"(?i)not.?null"):
        stores.tickets.file(a_ticket(draft_id="d"), broken)

    assert not stores.tickets.list().tickets


def test_a_ticket_is_found_by_each_of_its_names(stores: Stores) -> None:
    kept, _ = stores.tickets.file(a_ticket(), an_event("ticket_created"))

    assert stores.tickets.by_id(kept.id) == kept
    assert stores.tickets.by_number(kept.number) == kept
    assert stores.tickets.by_token_digest(kept.token_digest) == (
        kept,
        Link(kept.token_digest, kept.id, False, NOON),
    )
    assert stores.tickets.by_id("nobody") is None


def test_the_list_is_read_in_pages_newest_first(stores: Stores) -> None:
    for lang in ("en", "sk", "en", "en"):
        stores.tickets.file(a_ticket(lang=lang), an_event("ticket_created"))

    first = stores.tickets.list(lang="en", statuses=[Status.NEW], limit=2)
    second = stores.tickets.list(lang="en", statuses=[Status.NEW], limit=2, before=first.older)

    assert [ticket.number for ticket in first.tickets] == [1004, 1003]
    assert ([ticket.number for ticket in second.tickets], second.older) == ([1001], None)


def test_every_state_is_counted(stores: Stores) -> None:
    kept, _ = stores.tickets.file(a_ticket(), an_event("ticket_created"))
    stores.tickets.file(a_ticket(), an_event("ticket_created"))
    stores.tickets.set_status(kept.id, Status.SOLVED, now=NOON, solved_by_article=None)

    counts = stores.tickets.counts()

    assert (counts[Status.NEW], counts[Status.SOLVED], counts[Status.OPEN]) == (1, 1, 0)
    assert set(counts) == set(Status)


def test_what_was_answered_to_further_questions_is_kept(stores: Stores) -> None:
    answers = (Answer("order", "Order number", "KW-1"), Answer("device", "Device", "Kettle"))

    kept, _ = stores.tickets.file(a_ticket(answers=answers), an_event("ticket_created"))

    assert stores.tickets.by_id(kept.id) == kept
    assert kept.answers == answers


def test_tickets_in_quarantine_are_listed_and_counted_apart(stores: Stores) -> None:
    stores.tickets.file(a_ticket(), an_event("ticket_created"))
    stores.tickets.file(a_ticket(quarantine=("trap", "links")), an_event("ticket_created"))

    (held,) = stores.tickets.list(quarantined=True).tickets
    (usual,) = stores.tickets.list(quarantined=False).tickets

    assert (held.quarantine, usual.quarantine) == (("trap", "links"), ())
    assert stores.tickets.counts()[Status.NEW] == 1
    assert stores.tickets.quarantined() == 1


def test_a_released_ticket_is_one_like_any_other_and_its_event_counts(stores: Stores) -> None:
    ticket = a_ticket(quarantine=("quick",))
    event = an_event("ticket_created", ticket=ticket.id, reason=SUSPECTED)
    stores.tickets.file(ticket, event)

    released = stores.tickets.release(ticket.id, now=NOON)

    assert released
    assert released.quarantine == ()
    (kept,) = stores.events.of_visitor("v1", NOON, NOON)
    assert kept.reason is None
    assert stores.tickets.release("nobody", now=NOON) is None


def test_a_ticket_that_is_released_twice_is_released_once(stores: Stores) -> None:
    ticket, _ = stores.tickets.file(a_ticket(quarantine=("quick",)), an_event("ticket_created"))
    for minute in (1, 2):
        now = NOON + timedelta(minutes=minute)
        line = audit_line(Action.SPAM_RELEASED, by="u1", at=now, subject=str(ticket.number))
        released = stores.tickets.release(ticket.id, now=now, line=line)

    assert released
    assert released.updated == NOON + timedelta(minutes=1)
    assert len(stores.audit.page().lines) == 1


def test_an_act_on_a_ticket_and_its_line_are_kept_together_or_not_at_all(stores: Stores) -> None:
    ticket, _ = stores.tickets.file(a_ticket(quarantine=("quick",)), an_event("ticket_created"))
    line = audit_line(Action.SPAM_RELEASED, by="u1", at=NOON, subject=str(ticket.number))
    stores.audit.add(line)

    with pytest.raises(Exception, match=r"(?i)unique"):
        stores.tickets.release(ticket.id, now=NOON, line=line)

    found = stores.tickets.by_id(ticket.id)
    assert found
    assert found.quarantine == ("quick",)
    assert len(stores.audit.page().lines) == 1


def test_the_same_words_are_counted(stores: Stores) -> None:
    for _ in range(2):
        stores.tickets.file(a_ticket(content_digest="x"), an_event("ticket_created"))

    assert stores.tickets.repeated("x", since=NOON) == 2
    assert stores.tickets.repeated("x", since=NOON.replace(hour=13)) == 0
