"""Who is forgotten is forgotten everywhere; what was counted stays counted."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kbportal.deflection.report import as_json, days, report_of_events
from kbportal.events.privacy import person_key
from kbportal.mail.console import forget_letters
from kbportal.people.audit import Action
from kbportal.privacy.persons import erase, read_person, write_export
from kbportal.privacy.placeholders import Typed, placeholders
from kbportal.storage import Stores, open_files
from kbportal.storage.files import DiskFileStore
from kbportal.storage.tables import metadata
from kbportal.tickets.attachments import Keeping, attach
from kbportal.tickets.evidence import lessons
from kbportal.tickets.links import renew
from kbportal.tickets.model import Author, Message, Rating, Status, Ticket, Verdict
from kbportal.tickets.submission import submit
from tests.builders import NOON, RESET, a_submission, an_event

SECRET = b"x" * 32
NOW = NOON + timedelta(days=30)
WORD = "zebrafinch"
"""In everything that the person said, and in nothing else."""
ANN, BEN = f"Ann.{WORD}@example.com", "ben@example.com"
MINUTE = timedelta(minutes=1)

Act = Callable[..., Any]


@pytest.fixture
def files(tmp_path: Path) -> DiskFileStore:
    return open_files(tmp_path / "attachments")


@pytest.fixture
def write(stores: Stores, files: DiskFileStore) -> Act:
    """Files a ticket of a person from one of their browsers, with all that may hang on it."""

    def written(email: str, *, visitor: str, word: str, after: timedelta = MINUTE * 9) -> Ticket:
        draft = f"draft-of-{word}-{visitor}".ljust(40, "-")
        keeping = Keeping(stores.attachments, files)
        from kbportal.tickets.draft import draft_digest

        attach(f"{word}.txt", word.encode() * 9, draft_digest(draft) or "", keeping, now=NOON)
        form = a_submission(
            email=email, subject=f"{word} is lost", description=f"My {word} at home",
            name=f"Name {word}", visitor=visitor, draft_id=draft,
        )  # fmt: skip
        filed = submit(
            form, stores.tickets, now=NOON + after, secret=SECRET,
            ticket_id=f"ticket-{visitor}", event_id=f"filed-{visitor}",
        )  # fmt: skip
        ticket = filed.ticket
        stores.tickets.add_message(
            Message(f"m-{visitor}", ticket.id, Author.AGENT, "Eve", f"Dear {word}", NOON + after),
            status=Status.OPEN,
        )
        stores.tickets.rate(
            Rating(ticket.id, Verdict.YES, f"Thanks from {word}", NOON + after, NOON + after)
        )
        renew(stores.tickets, ticket, now=NOON + after)
        stores.outbox.prove(email, now=NOON)
        return ticket

    return written


@pytest.fixture
def world(stores: Stores, write: Act) -> Stores:
    """Ann with two browsers, and Ben: both looked around before they wrote."""
    for visitor, word in (("ann-1", WORD), ("ann-2", WORD), ("ben-1", "sparrow")):
        facts = {"visitor": visitor, "session": f"s-{visitor}"}
        stores.events.append(
            [
                an_event("search", query_norm=f"{word[:4]}", **facts),
                an_event("search", after=MINUTE / 20, query_norm=f"{word} lost", **facts),
                an_event("search", after=MINUTE / 10, query_norm=f"where {word}", **facts),
                an_event("article_viewed", after=MINUTE * 2, **facts),
                an_event("form_started", after=MINUTE * 3, **facts),
                an_event("suggest_shown", after=MINUTE * 4, query_norm=f"my {word}", **facts),
                an_event("form_solved", after=-MINUTE * 9_000, query_norm=f"old {word}", **facts),
            ]
        )
    stores.digests.keep(NOON.date(), {"missing": [f"{WORD} lost"]}, now=NOON)
    write(ANN, visitor="ann-1", word=WORD)
    write(ANN.upper(), visitor="ann-2", word=WORD, after=timedelta(hours=30))
    write(BEN, visitor="ben-1", word="sparrow")
    return stores


def forget(stores: Stores, files: DiskFileStore, address: str = ANN) -> Any:
    return erase(stores.privacy, files, address.casefold(), secret=SECRET, now=NOW)


def rows(stores: Stores) -> dict[str, list[dict[str, Any]]]:
    with stores._main.reading() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


def counted(stores: Stores) -> dict[str, Any]:
    """Every number of a report; intervals by drawing visitors anew depend on their order."""
    period = days(NOON.date() - timedelta(days=20), NOON.date() + timedelta(days=20))
    events = list(stores.events.read(period.since, NOW))
    made = report_of_events(events, period=period, now=NOW)
    document = as_json(made)
    for metric in document["metrics"].values():
        metric["low"] = metric["high"] = None
    # How often, of all queries together: which two were the same is known no more.
    queries = document.pop("queries")
    for row in document["articles"]:
        row.pop("found_for", None)
    document["searches"] = sum(one["searches"] for one in queries)
    return document | {"service": stores.service.facts(NOON, NOW)}


@pytest.mark.sqlite
def test_no_word_and_no_address_of_theirs_is_left_anywhere(world, files, tmp_path):
    forget(world, files)

    found = [
        (table, row)
        for table, kept in rows(world).items()
        for row in kept
        if WORD in repr(row).casefold()
    ]
    assert found == []
    assert [path for path in files._folder.iterdir() if WORD.encode() in path.read_bytes()] == []


@pytest.mark.sqlite
def test_nothing_of_it_is_left_in_the_files_of_the_database(world, files, tmp_path):
    forget(world, files)

    for path in tmp_path.glob("kbportal.sqlite*"):
        assert WORD.encode() not in path.read_bytes().lower(), path


def test_what_was_counted_stays_counted(world, files):
    before = counted(world)
    assert before["outcomes"]["T"] >= 2

    forget(world, files)

    assert counted(world) == before


def test_the_days_that_were_counted_are_counted_again(world, files):
    first, last = NOON.date() - timedelta(days=20), NOON.date() + timedelta(days=20)
    before = dict(world.facts.arrivals(first, last))
    erased = forget(world, files)
    after = world.facts.arrivals(first, last)

    assert {day for day in after if after[day] != before.get(day)} == set(erased.days)
    assert NOON.date() in erased.days


def test_nothing_leads_from_the_events_to_the_person_or_their_browser(world, files):
    forget(world, files)

    events = rows(world)["events"]
    key = person_key(ANN, key=SECRET)
    assert not [row for row in events if row["user"] == key]
    assert not [row for row in events if (row["visitor"] or "").startswith("ann-")]
    assert not [row for row in events if (row["session"] or "").startswith("s-ann-")]


def test_two_browsers_of_one_person_stay_one_visitor(world, files):
    forget(world, files)

    visitors = {row["visitor"] for row in rows(world)["events"]}
    assert len(visitors) == 2


def test_everybody_else_is_left_as_they_were(world, files):
    def of_ben() -> dict[str, list[dict[str, Any]]]:
        return {
            table: [row for row in kept if "ben" in repr(row) or "sparrow" in repr(row)]
            for table, kept in rows(world).items()
        }

    before = of_ben()
    forget(world, files)

    assert of_ben() == before


def test_a_ticket_leaves_what_is_counted_and_no_page_shows_it(world, files):
    tickets = world.tickets
    number = next(one.number for one in tickets.list().tickets if one.visitor == "ann-1")
    erased = forget(world, files)

    assert number in erased.numbers
    assert tickets.by_number(number) is None
    assert {one.email for one in tickets.list().tickets} == {BEN}
    assert sum(tickets.counts().values()) == 1
    left = tickets.by_id("ticket-ann-1")
    assert (left.number, left.status, left.lang) == (number, Status.OPEN, "en")
    assert left.created == NOON + MINUTE * 9
    assert tickets.rating(left.id).verdict is Verdict.YES


def test_search_forgets_what_it_learnt_from_them(world, files):
    ticket = world.tickets.by_id("ticket-ann-1")
    world.tickets.set_status(ticket.id, Status.SOLVED, now=NOW, solved_by_article=RESET)
    before = lessons(world.tickets.evidence(now=NOW))
    forget(world, files)
    after = lessons(world.tickets.evidence(now=NOW))

    assert any(WORD in text for text in before[RESET])
    assert [text for text in after.get(RESET, ()) if WORD in text or "erased" in text] == []


def test_the_second_time_there_is_nothing_to_do_and_nothing_is_noted(world, files):
    first, second = forget(world, files), forget(world, files)

    assert len(first.numbers) == 2
    assert second.is_nothing
    (line,) = world.audit.page().lines
    assert (line.action, line.subject, line.after) == (Action.PERSON_ERASED, "", "2 tickets")


@pytest.mark.parametrize("typed", ["ŽOFIA@example.com", "jo@große-straße.example"])
def test_an_address_with_other_letters_is_found_however_it_was_typed(world, files, write, typed):
    write(typed, visitor="z", word="lynx")

    assert len(forget(world, files, typed).numbers) == 1


def test_somebody_unknown_leaves_no_trace(world, files):
    before = rows(world)

    assert forget(world, files, "nobody@example.com").is_nothing
    assert rows(world) == before


def test_a_new_ticket_from_the_same_browser_leads_to_nothing_older(world, files, write):
    forget(world, files)
    world.events.append([an_event("search", visitor="ann-1", after=timedelta(days=30))])

    person = read_person(world.privacy, ANN, secret=SECRET)

    assert person.is_empty


def test_who_wrote_from_the_same_browser_keeps_their_ticket_and_its_trail(world, files, write):
    world.events.append([an_event("article_viewed", visitor="shared", session="s")])
    write(ANN, visitor="shared", word=WORD)
    other = submit(
        a_submission(email="carl@example.com", visitor="shared", draft_id=None), world.tickets,
        now=NOON + MINUTE * 10, secret=SECRET, ticket_id="carl", event_id="filed-carl",
    ).ticket  # fmt: skip
    forget(world, files)

    kept = world.tickets.by_id(other.id)
    assert kept.email == "carl@example.com"
    assert kept.visitor not in (None, "shared")
    assert world.events.of_visitor(kept.visitor, NOON, NOON + MINUTE)


def test_an_export_holds_everything_and_no_key_to_anything(world, files, tmp_path):
    person = read_person(world.privacy, ANN, secret=SECRET)

    assert write_export(tmp_path / "a.zip", person, files) == 0

    with zipfile.ZipFile(tmp_path / "a.zip") as z:
        document = json.loads(z.read("person.json"))
        contents = {name: z.read(name) for name in z.namelist() if name != "person.json"}
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600
    assert set(contents.values()) == {WORD.encode() * 9}
    (ticket, _) = document["tickets"]
    assert ticket["description"] == f"My {WORD} at home"
    assert ticket["messages"][0]["body"] == f"Dear {WORD}"
    assert ticket["ratings"][0]["comment"] == f"Thanks from {WORD}"
    assert ticket["files"][0]["in_this_archive"] in contents
    assert document["letters"]
    assert {one["visitor"] for one in document["visits"]} == {"ann-1", "ann-2"}
    assert "sparrow" not in json.dumps(document)
    digests = [one["token_digest"] for one in rows(world)["ticket_links"]]
    assert not [one for one in digests if one in json.dumps(document)]


def test_letters_that_became_files_go_too(tmp_path):
    for name, to in (("1", ANN), ("2", f"Ann <{ANN}>"), ("3", BEN)):
        (tmp_path / f"{name}.txt").write_text(f"From: a@b\nTo: {to}\n\nTo: {ANN}\n")

    assert forget_letters(tmp_path, ANN.casefold()) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["3.txt"]
    assert forget_letters(tmp_path / "nowhere", ANN) == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ab", min_size=1, max_size=4), max_size=8))
def test_placeholders_tell_typing_from_another_query_as_the_texts_did(queries):
    typed = [Typed(str(at), "here", query) for at, query in enumerate(queries)]
    given_ = placeholders(typed)

    for one, other in pairwise(typed):
        alike = one.query.startswith(other.query) or other.query.startswith(one.query)
        there = given_[one.event_id].startswith(given_[other.event_id])
        assert (given_[one.event_id] == given_[other.event_id]) is alike
        assert there is alike


def test_placeholders_of_many_queries_are_no_beginnings_of_each_other():
    typed = [Typed(str(at), str(at), f"{at}!") for at in range(120)]
    found = sorted(placeholders(typed).values())

    assert len(set(found)) == 120
    assert not [1 for one, other in pairwise(found) if other.startswith(one)]


def test_an_erasure_that_fails_changes_nothing(world, files, monkeypatch):
    from kbportal.storage import erasure

    before = rows(world)
    monkeypatch.setattr(erasure, "insert_line", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        forget(world, files)

    assert rows(world) == before
    assert asdict(replace(world.privacy.person(ANN, key=person_key(ANN, key=SECRET))))["files"]
