"""`kbportal gaps`: from events and tickets to groups, with the live index."""

from __future__ import annotations

from datetime import timedelta

from kbportal.events.catalog import EventType, Surface
from kbportal.kernel.clock import utc_now
from kbportal.kernel.turns import turn
from kbportal.settings import load
from kbportal.wiring import gaps_lock, open_database
from tests.builders import UNSCHOOLED, a_ticket, an_event

WORDS = ("Engraving a name", "engraving names on kettles", "can you engrave a name")


def visited(people=4):
    """So many people search in vain, and every second one writes to us then."""
    stores, now = open_database(load()), utc_now()
    for at in range(people):
        when, who = now - timedelta(days=at + 1), f"v{at}"
        facts = {"visitor": who, "session": who, "locale": UNSCHOOLED}
        words = WORDS[at % len(WORDS)]
        search = an_event(
            EventType.SEARCH, ts=when, query_norm=words, surface=Surface.SEARCH, **facts
        )  # fmt: skip
        stores.events.append([search])
        if at % 2:
            sent = a_ticket(subject=words, description="Zebulon asks", lang=UNSCHOOLED,
                            email=f"{who}@example.com", visitor=who, created=when,
                            updated=when)  # fmt: skip
            created = an_event(EventType.TICKET_CREATED, ts=when, ticket=sent.id, **facts)
            stores.tickets.file(sent, created)
    stores.close()


def test_needs_are_counted_from_the_database_and_kept_for_the_page(run, indexed):
    visited()

    said = run("gaps", "--json")

    (gap,) = said.json["gaps"]
    assert (gap["evidence"]["tickets"], gap["evidence"]["searches"]) == (2, 2)
    assert gap["tickets_per_month"] == 2
    assert "Zebulon" not in said.out
    stores = open_database(load())
    assert [one.id for one in stores.gaps.gaps()] == [gap["id"]]
    stores.close()


def test_a_gap_keeps_its_id_from_count_to_count(run, indexed):
    visited()

    first, second = run("gaps", "--json").json, run("gaps", "--json").json

    assert [one["id"] for one in first["gaps"]] == [one["id"] for one in second["gaps"]]


def test_people_read_the_list(run, indexed):
    visited()

    said = run("gaps")

    assert (said.code, said.err) == (0, "")
    assert "2 tickets" in said.out


def test_nothing_needed_is_nothing_listed(run, indexed):
    assert run("gaps", "--json").json["gaps"] == []


def test_without_an_index_it_says_what_to_do(run, home):
    said = run("gaps")

    assert said.code == 1
    assert "kbportal index" in said.complaint


def test_one_process_counts_at_a_time(run, indexed, monkeypatch):
    monkeypatch.setattr("kbportal.cli.gaps._TRIES", 1)
    with turn(gaps_lock(load())) as mine:
        said = run("gaps")

    assert mine
    assert said.code == 1
    assert "another process" in said.complaint
