from __future__ import annotations

from kbportal.settings import load
from kbportal.wiring import open_database
from tests.builders import a_ticket, an_event


def file_a_ticket() -> None:
    stores = open_database(load())
    stores.tickets.file(a_ticket(), an_event("ticket_created"))
    stores.close()


def test_a_portal_goes_into_a_file_and_comes_out_of_it(run, home, monkeypatch):
    file_a_ticket()
    made = run("backup", "b.tar.gz", "--json").json
    monkeypatch.setenv("KBPORTAL_INSTANCE", "other")

    found = run("restore", "b.tar.gz", "--json").json

    assert made["tickets"] == found["tickets"] == 1
    assert (made["file"], made["bytes"]) == ("b.tar.gz", (home / "b.tar.gz").stat().st_size)
    assert (found["instance"], found["aside"]) == (str(home / "other"), None)


def test_a_portal_in_the_way_is_named_and_stays(run, home):
    file_a_ticket()
    run("backup", "b.tar.gz")

    refused = run("restore", "b.tar.gz")
    replaced = run("restore", "b.tar.gz", "--replace")

    assert refused.code == 1
    assert "--replace" in refused.complaint
    assert replaced.code == 0
    (aside,) = (home / "instance").glob("before-*")
    assert f"What was there before is in {aside}." in replaced.out


def test_a_file_that_is_no_backup_is_one_clear_line(run, home):
    (home / "b.tar.gz").write_text("nonsense")

    said = run("restore", "b.tar.gz")

    assert (said.code, said.complaint) == (1, "kbportal: this is no backup of kbportal")


def test_there_is_nothing_to_copy_before_the_first_start(run):
    said = run("backup", "b.tar.gz")

    assert said.code == 1
    assert "has the portal been started?" in said.complaint
