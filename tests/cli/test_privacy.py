from __future__ import annotations

import zipfile
from datetime import timedelta

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.people.audit import Action
from kbportal.settings import load
from kbportal.tickets.submission import submit
from kbportal.wiring import open_database
from tests.builders import NOON, a_submission, an_event


@pytest.fixture
def ann(home) -> str:
    """The address of somebody with a ticket."""
    settings = load()
    stores = open_database(settings)
    submit(
        a_submission(email="Ann@example.com"), stores.tickets, now=utc_now(),
        secret=settings.secret_key().encode(), ticket_id=new_id(), event_id=new_id(),
    )  # fmt: skip
    stores.close()
    return "ann@example.com"


def test_somebody_is_forgotten_once_and_the_second_time_nothing_is_known(run, ann):
    first = run("privacy", "erase", "ANN@example.com", "--yes", "--json")
    second = run("privacy", "erase", ann, "--yes")

    assert first.json["tickets"] == [1001]
    assert first.json["events"] == 1
    assert (second.code, second.out) == (0, f"Nothing is known of {ann}.\n")


@pytest.mark.parametrize(("answer", "left"), [("n\n", 1), ("\n", 1), ("y\n", 0)])
def test_nobody_is_forgotten_without_a_yes(run, ann, answer, left):
    said = run("privacy", "erase", ann, input=answer)

    stores = open_database(load())
    assert len(stores.tickets.list().tickets) == left
    stores.close()
    assert said.code == (1 if left else 0)


def test_letters_that_became_files_are_forgotten_too(run, ann, home):
    run("mail", "send")
    assert list((home / "instance" / "outgoing").iterdir())

    run("privacy", "erase", ann, "--yes")

    assert list((home / "instance" / "outgoing").iterdir()) == []


def test_somebody_gets_all_that_is_known_of_them(run, ann, home):
    said = run("privacy", "export", ann, "ann.zip", "--json")

    assert said.json == {"file": "ann.zip", "tickets": 1, "visits": 1, "files": 0, "gone": 0}
    stores = open_database(load())
    (line,) = stores.audit.page().lines
    stores.close()
    assert (line.action, line.subject, line.after) == (Action.PERSON_EXPORTED, "", "1 tickets")
    with zipfile.ZipFile(home / "ann.zip") as z:
        assert b"The reset link does not arrive." in z.read("person.json")


def test_there_is_no_export_of_somebody_unknown(run, home):
    said = run("privacy", "export", "nobody@example.com")

    assert (said.code, said.complaint) == (1, "kbportal: Nothing is known of nobody@example.com.")
    assert not (home / "person.zip").exists()


@pytest.mark.parametrize("act", ["erase", "export"])
def test_what_is_no_address_is_wrong_usage(run, home, act):
    assert run("privacy", act, "ann", *(["--yes"] if act == "erase" else [])).code == 2


def test_a_dry_run_counts_and_a_sweep_deletes(run, home, monkeypatch):
    monkeypatch.setenv("KBPORTAL_RETENTION_D", "30")
    stores = open_database(load())
    stores.events.append([an_event("search"), an_event("search", after=utc_now() - NOON)])

    dry = run("privacy", "sweep", "--dry-run", "--json").json
    swept = run("privacy", "sweep", "--json").json
    again = run("privacy", "sweep")

    assert (dry["events"], dry["dry_run"]) == (1, True)
    assert (swept["events"], swept["dry_run"]) == (1, False)
    assert again.out == "Nothing is too old.\n"
    assert len(list(stores.events.read(NOON, utc_now() + timedelta(days=1)))) == 1
    stores.close()
