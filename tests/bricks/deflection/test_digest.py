"""The numbers by mail: once a week to each reader, whatever number of processes tries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from kbportal.deflection.digest import days_of, week_of, write_letters
from kbportal.kernel.ids import new_id
from kbportal.mail.digest import Digest
from kbportal.mail.model import Kind, Letter, letter_id
from kbportal.mail.rules import GIVEN_UP_AFTER
from kbportal.people.accounts import add_user
from kbportal.people.model import Role

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


def a_person(stores, email="m@example.com", role=Role.MANAGER):
    return add_user(
        stores.people, user_id=new_id(), role=role, now=MONDAY, email=email, name="Maria",
        password="seven purple walruses",
    )  # fmt: skip


def a_digest(week):
    return Digest(*days_of(week), "EUR", ())


def write(stores, now=MONDAY, make=a_digest):
    return write_letters(stores.digests, stores.outbox, make=make, now=now)


def letter_of(person, now=MONDAY):
    id_ = letter_id(Kind.DIGEST, f"{week_of(now).isoformat()} {person.id}")
    return Letter(id_, Kind.DIGEST, person.email, "sk", now, now, now + GIVEN_UP_AFTER)


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (MONDAY, date(2026, 3, 2)),
        (MONDAY.replace(hour=5), date(2026, 2, 23)),
        (MONDAY + timedelta(days=6), date(2026, 3, 2)),
    ],
)
def test_a_week_begins_on_monday_morning(moment, monday):
    assert week_of(moment) == monday


def test_a_letter_goes_once_a_week(stores):
    stores.digests.subscribe(a_person(stores).id, lang="sk", now=MONDAY)

    assert [write(stores), write(stores), write(stores, MONDAY + timedelta(days=5))] == [1, 0, 0]
    assert write(stores, MONDAY + WEEK) == 1


def test_of_many_processes_at_once_one_writes_it(stores):
    stores.digests.subscribe(a_person(stores).id, lang="sk", now=MONDAY)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: write(stores), range(8))) == 1


def test_nothing_is_counted_where_nobody_asked(stores):
    a_person(stores)

    def never(week):
        raise AssertionError

    assert write(stores, make=never) == 0


def test_the_letter_tells_what_was_counted_in_its_week(stores):
    person = a_person(stores)
    stores.digests.subscribe(person.id, lang="sk", now=MONDAY)
    write(stores)

    assert stores.outbox.content(letter_of(person)) == a_digest(MONDAY.date())


@pytest.mark.parametrize("change", ["unsubscribe", "disable", "demote"])
def test_who_may_not_have_it_any_more_gets_none(stores, change):
    person = a_person(stores)
    stores.digests.subscribe(person.id, lang="sk", now=MONDAY)
    write(stores)
    if change == "unsubscribe":
        stores.digests.unsubscribe(person.id)
    elif change == "disable":
        stores.people.set_disabled(person.id, True)
    else:
        stores.people.set_role(person.id, Role.AGENT)

    assert stores.outbox.content(letter_of(person)) is None
    assert write(stores, MONDAY + WEEK) == 0


def test_asking_again_changes_the_language(stores):
    person = a_person(stores)
    for lang in ("sk", "fi"):
        stores.digests.subscribe(person.id, lang=lang, now=MONDAY)

    (reader,) = stores.digests.readers()
    assert (reader.email, reader.lang) == (person.email, "fi")
