"""What is older than it may be goes, and nothing else does."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from kbportal.deflection.facts.day import from_bytes, to_bytes
from kbportal.deflection.ledger.ports import Mark
from kbportal.deflection.model import Windows
from kbportal.deflection.reading.roll_up import roll_up
from kbportal.feedback.model import Comment
from kbportal.privacy.model import Swept
from kbportal.privacy.retention import Places, Retention, due, sweep
from kbportal.storage import Stores, open_files, portions
from kbportal.tickets.attachments import Keeping, attach
from kbportal.tickets.letters import received
from kbportal.tickets.model import Status
from tests.builders import NOON, a_draft_of, a_ticket, an_event

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NOW = NOON + 500 * DAY
KEPT_LONG = Retention(events_d=400, tickets_d=30)


@pytest.fixture
def places(stores: Stores, tmp_path: Path) -> Places:
    """A portal with two of everything: one a minute too old, one a minute not."""
    files = open_files(tmp_path / "attachments")
    keeping = Keeping(stores.attachments, files)
    for slack in (-MINUTE, MINUTE):
        old = NOW - 400 * DAY + slack
        name = "young" if slack > timedelta() else "old"
        stores.events.append([an_event("search", after=old - NOON)])
        stores.comments.add(Comment(name, old, "en/a/b", "en", "no", "", "Hm."))
        stores.people.note_failure("key", NOW - 10 * MINUTE + slack, forget_before=NOON)
        draft = replace(a_draft_of(subject="x"), digest=name, expires=NOW + slack)
        stores.drafts.save(draft, base=0)
        attach("a.txt", name.encode(), f"gone-{name}", keeping, now=NOW - DAY + slack)
        attach("a.txt", name.encode() * 2, name, keeping, now=NOW - MINUTE)
        changed = NOW - 30 * DAY + slack
        stores.digests.keep((NOW + slack * 99_999).date(), {}, now=NOW - 90 * DAY + slack)
        ticket = a_ticket(id=name, status=Status.CLOSED, created=changed, updated=changed)
        letter = replace(received(ticket, now=NOW - 90 * DAY + slack), due=NOW)
        stores.tickets.file(
            ticket, an_event("ticket_created", after=NOW - NOON), draft=name, letter=letter
        )
        stores.drafts.save(replace(draft, digest=f"{name}2"), base=0)
    waiting = a_ticket(id="waiting", status=Status.OPEN, updated=NOON)
    stores.tickets.file(waiting, an_event("ticket_created", after=NOW - NOON))
    return Places(stores.privacy, stores.drafts, keeping)


def test_what_is_too_old_goes_and_what_is_not_stays(places, stores):
    swept = sweep(places, KEPT_LONG, now=NOW)

    assert (swept.events, swept.comments, swept.failures, swept.tickets) == (1, 1, 1, 1)
    assert swept.drafts >= 1
    assert swept.files == 1
    assert len(list(stores.events.read(NOON, NOW))) == 1
    assert [one.id for one in stores.comments.newest(NOON, NOW + DAY)] == ["young"]
    assert len(stores.people.failures("key", NOON)) == 1
    weeks = [(NOW + sign * 99_999 * MINUTE).date() for sign in (-1, 1)]
    assert [stores.digests.has(week) for week in weeks] == [False, True]


def test_what_was_counted_from_events_that_are_gone_leads_to_nobody(places, stores):
    event = an_event("search", query_norm="a secret")
    counted = roll_up([event], day=NOON.date(), windows=Windows(), now=NOW)
    mark = Mark("rules", "print", NOON, NOON, MINUTE)
    stores.facts.put(NOON.date(), mark, to_bytes(counted))

    sweep(places, KEPT_LONG, now=NOW)

    kept = from_bytes(stores.facts.facts([NOON.date()])[NOON.date()])
    assert kept.texts == b""
    assert set(kept.tables["acts"]["visitor"]).isdisjoint(counted.tables["acts"]["visitor"])


def test_a_dry_run_says_the_same_and_does_nothing(places):
    said = due(places, KEPT_LONG, now=NOW)

    assert due(places, KEPT_LONG, now=NOW) == said
    assert sweep(places, KEPT_LONG, now=NOW) == said
    assert sweep(places, KEPT_LONG, now=NOW) == Swept()


def test_tickets_are_kept_for_ever_unless_it_is_said_otherwise(places, stores):
    assert due(places, Retention(events_d=400), now=NOW).tickets == 0
    assert sweep(places, Retention(events_d=400), now=NOW).tickets == 0
    assert len(stores.tickets.list().tickets) == 3


def test_of_a_finished_ticket_only_what_is_counted_stays(places, stores):
    sweep(places, KEPT_LONG, now=NOW)

    left = stores.tickets.by_id("old")
    assert (left.subject, left.email, left.visitor, left.erased) == ("", "", None, NOW)
    assert stores.tickets.by_number(left.number) is None
    assert stores.tickets.by_id("young").email
    assert stores.tickets.by_id("waiting").email
    assert stores.attachments.of_ticket("old") == ()


def test_the_contents_of_their_files_go_with_them(places, stores):
    (kept,) = stores.attachments.of_ticket("young")
    files = places.files.files

    sweep(places, KEPT_LONG, now=NOW)

    names = files.names(before=NOW + DAY)
    assert kept.stored in names
    assert set(names) == set(places.files.rows.known(names))


def test_more_than_a_portion_goes_and_is_counted(places, stores, monkeypatch):
    monkeypatch.setattr(portions, "PORTION", 10)
    stores.events.append([an_event("search") for _ in range(35)])

    assert stores.events.purge(NOON + MINUTE) == 35


def test_every_kind_of_thing_is_counted_in_a_dry_run(places):
    said = asdict(due(places, KEPT_LONG, now=NOW))

    assert said == {
        "events": 1, "comments": 1, "failures": 1, "letters": 0, "drafts": 2, "files": 1,
        "tickets": 1,
    }  # fmt: skip
