"""Facts of days on a real database: counted once, and again only when something has arrived."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kbportal.deflection.facts.day import FACTS_VERSION, DayFacts, from_bytes, to_bytes
from kbportal.deflection.ledger.forgetting import forget_visitors
from kbportal.deflection.ledger.ledger import Ledger
from kbportal.deflection.model import ServiceFacts, Windows
from kbportal.deflection.period import days
from kbportal.deflection.reading.roll_up import roll_up
from kbportal.deflection.reading.source import EventList
from kbportal.deflection.reading.window import read_window
from kbportal.deflection.report import report
from kbportal.events.catalog import Event
from kbportal.people.model import Role, User
from kbportal.storage import Stores
from kbportal.tickets.model import Author, Message, Rating, Status, Verdict
from tests.bricks.deflection.test_facts import as_version_2
from tests.builders import NOON, a_ticket, an_event

DAY = NOON.date()
PERIOD = days(DAY, DAY + timedelta(days=3))
LATER = NOON + timedelta(days=30)

OpenLedger = Callable[..., Ledger]


@pytest.fixture
def ledger(stores: Stores, tmp_path: Path) -> OpenLedger:
    def opened(windows: Windows | None = None) -> Ledger:
        return Ledger(
            stores.facts,
            stores.events,
            windows=windows or Windows(),
            staff=lambda: frozenset(user.id for user in stores.people.users()),
            lock=tmp_path / "rollup.lock",
        )

    return opened


def visit(visitor: str, *, after: timedelta = timedelta(), user: str | None = None) -> list[Event]:
    return [
        an_event("form_started", visitor=visitor, after=after, user=user),
        an_event("suggest_shown", visitor=visitor, after=after + timedelta(minutes=1)),
        an_event("form_solved", visitor=visitor, after=after + timedelta(minutes=2)),
    ]


def visitors_in(*facts: DayFacts) -> list[int]:
    return [int(one) for day in facts for one in day.tables["episodes"]["visitor"]]


def solved(ledger: Ledger, now: datetime = LATER) -> int:
    return report(ledger.books(PERIOD, now=now).facts, period=PERIOD, now=now).outcomes.X


def test_what_was_counted_stays_counted(stores: Stores, ledger: OpenLedger) -> None:
    stores.events.append([*visit("a"), *visit("b", after=timedelta(days=2))])

    assert ledger().refresh(PERIOD, now=LATER) == 2
    assert ledger().refresh(PERIOD, now=LATER) == 0
    assert solved(ledger()) == 2
    assert ledger().books(PERIOD, now=LATER).is_final


def test_an_event_that_arrives_late_is_noticed(stores: Stores, ledger: OpenLedger) -> None:
    stores.events.append([*visit("a"), *visit("b")])
    ledger().refresh(PERIOD, now=LATER)
    ticket = an_event("ticket_created", visitor="b", after=timedelta(days=1), channel="mail")

    stores.events.append([ticket])

    assert [one.day for one in ledger().stale(PERIOD, now=LATER)] == [DAY + timedelta(days=1), DAY]
    assert ledger().books(PERIOD, now=LATER).notes == ("days_behind",)
    ledger().refresh(PERIOD, now=LATER)
    assert solved(ledger()) == 1


def test_an_event_long_after_a_day_does_not_touch_it(stores: Stores, ledger: OpenLedger) -> None:
    stores.events.append(visit("a"))
    ledger().refresh(PERIOD, now=LATER)

    stores.events.append(visit("a", after=timedelta(days=20)))

    assert ledger().stale(PERIOD, now=LATER) == []


def test_time_alone_makes_nothing_stale(stores: Stores, ledger: OpenLedger) -> None:
    stores.events.append(visit("a"))
    early = NOON + timedelta(hours=1)
    ledger().refresh(PERIOD, now=early)

    found = ledger().books(PERIOD, now=early)
    assert (found.made_at, found.is_final) == (early, False)
    assert ledger().stale(PERIOD, now=LATER) == []
    assert report(found.facts, period=PERIOD, now=LATER).matured.X_D == 1


def test_other_windows_are_counted_anew_and_back_again(stores: Stores, ledger: OpenLedger) -> None:
    stores.events.append(visit("a"))
    stores.events.append([an_event("ticket_created", visitor="a", after=timedelta(hours=50))])
    ledger().refresh(PERIOD, now=LATER)
    short = ledger(Windows(horizon=timedelta(hours=24)))

    assert (solved(ledger()), solved(short)) == (0, 0)
    short.refresh(PERIOD, now=LATER)
    assert solved(short) == 1
    ledger().refresh(PERIOD, now=LATER)
    assert solved(ledger()) == 0


def test_who_joins_the_staff_counts_no_more(stores: Stores, ledger: OpenLedger) -> None:
    stores.events.append([*visit("a"), *visit("b", user="u1")])
    ledger().refresh(PERIOD, now=LATER)
    assert solved(ledger()) == 2

    stores.people.add_user(User("u1", "a@example.com", "A", Role.AGENT, NOON), password_hash="")

    ledger().refresh(PERIOD, now=LATER)
    assert solved(ledger()) == 1


def test_a_ticket_that_was_no_spam_counts_at_once(stores: Stores, ledger: OpenLedger) -> None:
    stores.events.append(visit("a"))
    event = an_event("ticket_created", after=timedelta(hours=1), visitor="a", ticket="t",
                     reason="suspected_spam")  # fmt: skip
    stores.tickets.file(a_ticket(id="t", quarantine=("links",)), event)
    ledger().refresh(PERIOD, now=LATER)
    assert solved(ledger()) == 1

    stores.tickets.release("t", now=LATER)

    ledger().refresh(PERIOD, now=LATER)
    assert solved(ledger()) == 0


def test_facts_outlive_the_events_that_they_came_from(stores: Stores, ledger: OpenLedger) -> None:
    stores.events.append([*visit("a"), *visit("b", after=timedelta(days=2))])
    ledger().refresh(PERIOD, now=LATER)

    stores.events.purge(NOON + timedelta(days=1, hours=12))

    assert ledger().refresh(PERIOD, now=LATER) == 0
    assert ledger().rebuild(PERIOD, now=LATER) == 0
    assert solved(ledger()) == 2
    other = ledger(Windows(durability=timedelta(days=3)))
    other.refresh(PERIOD, now=LATER)
    assert other.books(PERIOD, now=LATER).notes == ("days_missing",)


def test_facts_of_an_earlier_version_count_where_the_events_are_gone(
    stores: Stores, ledger: OpenLedger
) -> None:
    stores.events.append([*visit("a"), *visit("b", after=timedelta(days=3))])
    ledger().refresh(PERIOD, now=LATER)
    rules = ledger().rules.replace(f".{FACTS_VERSION} ", ".2 ", 1)
    for day, mark in stores.facts.marks(PERIOD.days[0], PERIOD.days[-1]).items():
        (data,) = stores.facts.facts([day]).values()
        stores.facts.put(day, replace(mark, rules=rules), as_version_2(from_bytes(data)))
    assert ledger().books(PERIOD, now=LATER).notes == ("days_behind",)
    assert solved(ledger()) == 2

    stores.events.purge(NOON + timedelta(days=1))

    assert ledger().refresh(PERIOD, now=LATER) == 1
    assert ledger().books(PERIOD, now=LATER).notes == ()
    assert solved(ledger()) == 2


def test_visitors_leave_the_facts_when_the_events_of_their_month_are_gone(
    stores: Stores, ledger: OpenLedger
) -> None:
    april = days(DAY.replace(month=4, day=1), DAY.replace(month=4, day=30))
    early, late = timedelta(days=2), timedelta(days=31)
    stores.events.append([*visit("a"), *visit("a", after=early), *visit("a", after=late)])
    for period in (PERIOD, april):
        ledger().refresh(period, now=LATER + late)
    now, last = LATER + late, DAY + late
    before = ledger().books(PERIOD, now=now)

    stores.events.purge(NOON + timedelta(days=20))
    assert forget_visitors(stores.facts) == 0  # The last days of March are still there.
    stores.events.purge(NOON + timedelta(days=40))

    assert forget_visitors(stores.facts) == 2
    assert forget_visitors(stores.facts) == 0
    after = ledger().books(PERIOD, now=now)
    (old,), (new,) = ({*visitors_in(*books.facts)} for books in (before, after))
    assert new != old
    assert visitors_in(from_bytes(stores.facts.facts([last])[last])) == [old]
    assert before.fingerprint != after.fingerprint
    assert (before.notes, after.notes) == ((), ("queries_forgotten",))
    assert after.is_final
    assert solved(ledger(), now=now) == 2


def test_facts_that_nobody_can_read_are_emptied(stores: Stores, ledger: OpenLedger) -> None:
    stores.events.append(visit("a"))
    ledger().refresh(PERIOD, now=LATER)
    stores.facts.put(DAY, stores.facts.marks(DAY, DAY)[DAY], b"of another version")
    stores.events.purge(NOON + timedelta(days=40))

    assert forget_visitors(stores.facts) == 1
    assert stores.facts.facts([DAY]) == {DAY: b""}


def test_a_rebuild_gives_the_same_bytes(stores: Stores, ledger: OpenLedger) -> None:
    stores.events.append(visit("a"))
    ledger().refresh(PERIOD, now=LATER)
    before = stores.facts.facts([DAY])

    assert ledger().rebuild(PERIOD, now=LATER) == 1
    assert stores.facts.facts([DAY]) == before


def test_the_database_reads_the_same_window_as_memory(stores: Stores) -> None:
    log = [
        *visit("a", user="p"), *visit("other", after=timedelta(days=4), user="p"),
        *visit("b"), *visit("b", after=timedelta(hours=20)), *visit("b", after=timedelta(hours=40)),
        *visit("c", after=timedelta(days=2)), *visit("old", after=timedelta(days=-3)),
    ]  # fmt: skip
    stores.events.append(log)

    for day in (DAY - timedelta(days=3), DAY, DAY + timedelta(days=1)):
        both = [
            read_window(source, day, windows=Windows(), now=LATER)
            for source in (stores.events, EventList(log))
        ]
        assert both[0] == both[1]


def test_processes_that_count_at_once_count_once(stores: Stores, ledger: OpenLedger) -> None:
    for n in range(4):
        stores.events.append(visit("a", after=timedelta(days=n)))

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: ledger().refresh(PERIOD, now=LATER), range(4)))

    assert sum(done) == 4
    whole = list(stores.events.read(NOON - timedelta(days=9), LATER))
    assert (
        to_bytes(roll_up(whole, day=DAY, windows=Windows(), now=LATER))
        == (stores.facts.facts([DAY])[DAY])
    )


def test_in_the_background_a_day_is_counted_seldom(stores: Stores, ledger: OpenLedger) -> None:
    now = NOON + timedelta(minutes=10)
    stores.events.append(visit("a"))
    assert ledger().refresh_by_the_way(PERIOD, now=now) == 1
    stores.events.append(visit("b"))

    assert ledger().refresh_by_the_way(PERIOD, now=now) == 0
    assert ledger().refresh_by_the_way(PERIOD, now=now + timedelta(hours=2)) == 1


def test_what_became_of_tickets_is_counted(stores: Stores) -> None:
    for name in ("a", "b", "c"):
        stores.tickets.file(a_ticket(id=name), an_event("ticket_created", ticket=name))
    for n, name in enumerate(("a", "b")):
        said = Message(f"m{n}", name, Author.AGENT, "Eva", "Try this.", NOON)
        stores.tickets.add_message(said, status=Status.WAITING)
        stores.tickets.set_status(name, Status.SOLVED, now=NOON, solved_by_article=None)
    again = Message("m9", "a", Author.REQUESTER, "Jana", "No.", NOON + timedelta(hours=1))
    stores.tickets.add_message(again, status=Status.OPEN)
    stores.tickets.rate(Rating("b", Verdict.YES, "", NOON, NOON))
    spam = a_ticket(id="d", quarantine=("links",))
    stores.tickets.file(spam, an_event("ticket_created", ticket="d"))

    found = stores.service.facts(PERIOD.since, PERIOD.until)

    assert found == ServiceFacts(
        tickets=3, rated=1, satisfied=1, answered=2, finished=2, reopened=1
    )
    assert stores.service.facts(PERIOD.since, PERIOD.until, lang="fi") == ServiceFacts()
    assert stores.service.facts(PERIOD.until, LATER) == ServiceFacts()


def test_facts_are_not_counted_from_events_that_are_being_deleted(
    stores: Stores, ledger: OpenLedger, tmp_path: Path
) -> None:
    stores.events.append([*visit("a"), *visit("b")])
    ledger().refresh(PERIOD, now=LATER)
    before = stores.facts.facts([DAY])

    class Purged(EventList):
        """The events as they are read while a sweep runs in another process."""

        def read(self, since: datetime, until: datetime) -> list[Event]:
            stores.events.purge(NOON + timedelta(days=2))
            return []

    late = Ledger(
        stores.facts, Purged([]), windows=Windows(), staff=lambda: frozenset({"new"}),
        lock=tmp_path / "rollup.lock",
    )  # fmt: skip
    late.refresh(PERIOD, now=LATER)

    assert stores.facts.facts([DAY]) == before


def test_a_day_whose_facts_are_damaged_is_missing_and_not_hidden(
    stores: Stores, ledger: OpenLedger
) -> None:
    stores.events.append(visit("a"))
    ledger().refresh(PERIOD, now=LATER)
    mark = stores.facts.marks(DAY, DAY)[DAY]

    stores.facts.put(DAY, mark, b"damaged")

    assert ledger().books(PERIOD, now=LATER).notes == ("days_missing",)
