from __future__ import annotations

import sqlite3

import pytest

from kbportal.people.audit import Action, audit_line
from kbportal.people.model import SecondFactor
from kbportal.settings import load
from kbportal.storage import open_stores
from tests.builders import NOON

PASSWORD = "correct horse battery staple"


def add(run, *arguments: str, password: str = PASSWORD):
    return run("users", "add", *arguments, "--password-stdin", input=f"{password}\n")


def test_the_report_has_the_promised_shape(run, home):
    said = run("report", "--json")

    assert (said.code, said.err) == (0, "")
    assert said.json.keys() >= {"from", "to", "windows", "outcomes", "metrics", "filtered"}
    assert said.json["windows"].keys() == {"lookback_h", "horizon_h", "durability_d"}
    assert said.json["outcomes"].keys() == {"F", "T", "X", "I", "U"}


def test_every_metric_has_its_n_interval_and_status(run, home):
    metrics = run("report", "--json").json["metrics"]

    assert {"deflection_ratio", "self_service_score"} <= metrics.keys()
    for metric in metrics.values():
        assert metric.keys() >= {"value", "n", "low", "high", "status"}
        assert metric["status"] in {"ok", "provisional", "not_enough_data"}


def test_the_report_is_over_the_days_asked_for(run, home):
    report = run("report", "--from", "2026-10-01", "--to", "2026-10-31", "--json").json

    assert (report["from"], report["to"]) == ("2026-10-01", "2026-10-31")


@pytest.mark.parametrize(
    "days", [["--from", "yesterday"], ["--to", "2026-02-30"],
             ["--from", "2026-10-31", "--to", "2026-10-01"]]
)  # fmt: skip
def test_days_that_are_none_are_wrong_usage(run, home, days):
    said = run("report", *days)

    assert (said.code, said.out) == (2, "")


def test_people_read_a_report(run, home):
    said = run("report")

    assert (said.code, said.err) == (0, "")
    assert "deflection_ratio" in said.out


def test_a_database_that_is_none_is_one_clear_line(run, home):
    (home / "instance").mkdir()
    (home / "instance" / "kbportal.sqlite").write_bytes(b"garbage" * 500)

    said = run("report", "--json")

    assert (said.code, said.out) == (1, "")
    assert said.complaint.startswith("kbportal: ")


@pytest.mark.parametrize("name", ["kbportal.sqlite", "secret_key", "api_keys.json"])
def test_a_portal_whose_secrets_lie_open_does_not_start(run, home, name):
    run("keys", "add", "app")
    load(root=home).secret_key()
    assert add(run, "ann@example.com", "--role", "agent").code == 0
    (home / "instance").chmod(0o755)
    (home / "instance" / name).chmod(0o644)

    said = run("report")

    assert (said.code, said.out) == (1, "")
    assert said.complaint.endswith(f"chmod 600 {home / 'instance' / name}")


def test_a_colleague_is_added(run, home):
    said = add(run, "ann@example.com", "--role", "agent")

    assert (said.code, said.out) == (0, "ann@example.com may sign in as agent.\n")


def test_adding_again_changes_the_role(run, home):
    add(run, "ann@example.com", "--role", "admin")
    add(run, "ben@example.com", "--role", "agent")

    add(run, "ben@example.com", "--role", "editor")

    with sqlite3.connect(home / "instance" / "kbportal.sqlite") as database:
        roles = database.execute("SELECT email, role FROM users ORDER BY email").fetchall()
    assert roles == [("ann@example.com", "admin"), ("ben@example.com", "editor")]


def audited(home):
    with sqlite3.connect(home / "instance" / "kbportal.sqlite") as database:
        found = "SELECT by, action, before, after FROM audit ORDER BY id"
        return database.execute(found).fetchall()


def test_what_is_done_to_accounts_leaves_lines_without_a_name(run, home):
    add(run, "ann@example.com", "--role", "admin")
    add(run, "ben@example.com", "--role", "agent")
    add(run, "ben@example.com", "--role", "editor")
    add(run, "ben@example.com", "--role", "moon")

    assert audited(home) == [
        ("", "account_made", "", "admin"),
        ("", "account_made", "", "agent"),
        ("", "password_set", "", ""),
        ("", "role_changed", "agent", "editor"),
    ]


def test_keys_of_the_api_leave_lines(run, home):
    run("keys", "add", "wall", "--limit", "90/min", "--insights")
    run("keys", "add", "wall")
    run("keys", "remove", "wall")

    assert audited(home) == [
        ("", "key_made", "", "90/min insights"),
        ("", "key_removed", "", ""),
    ]


@pytest.mark.parametrize("password", ["", "short", "passwordpassword"])
def test_a_weak_password_is_one_clear_line(run, home, password):
    said = add(run, "ann@example.com", "--role", "agent", password=password)

    assert (said.code, said.out) == (1, "")
    assert said.complaint.startswith("kbportal: ")


@pytest.mark.parametrize("email", ["", "ann", "ann@", "a b@example.com", "ann@example.com\nx"])
def test_an_address_that_is_none_is_one_clear_line(run, home, email):
    said = add(run, email, "--role", "agent")

    assert (said.code, said.out) == (1, "")
    assert said.complaint.startswith("kbportal: ")


@pytest.mark.parametrize("arguments", [["ann@example.com"], ["a@b.example", "--role", "king"], []])
def test_wrong_usage_exits_2(run, home, arguments):
    assert add(run, *arguments).code == 2


def test_the_password_is_asked_for_twice(run, home):
    typed = f"{PASSWORD}\n{PASSWORD}\n"

    said = run("users", "add", "ann@example.com", "--role", "agent", input=typed)

    assert said.code == 0
    assert PASSWORD not in said.out


def test_who_lost_their_phone_signs_in_by_password_again(run, home):
    add(run, "ann@example.com", "--role", "agent")
    stores = open_stores(f"sqlite:///{home / 'instance' / 'kbportal.sqlite'}")
    user = stores.people.user_by_email("ann@example.com")
    line = audit_line(Action.SECOND_FACTOR_ON, by=user.id, at=NOON, subject=user.id)
    factor = SecondFactor(user.id, "A" * 32, NOON, 0)
    stores.second_factors.switch_on(factor, ["d" * 64], line=line, lang="en")

    said = run("users", "reset-second-factor", "Ann@example.com")

    assert (said.code, said.err) == (0, "")
    assert stores.second_factors.owners() == frozenset()
    line = stores.audit.page().lines[0]
    assert (line.action, line.by, line.subject) == (Action.SECOND_FACTOR_TAKEN, "", user.id)
    stores.close()


@pytest.mark.parametrize("email", ["ann@example.com", "nobody@example.com", ""])
def test_where_there_is_no_second_factor_none_is_taken(run, home, email):
    add(run, "ann@example.com", "--role", "agent")

    said = run("users", "reset-second-factor", email)

    assert (said.code, said.out) == (1, "")
    assert said.complaint.startswith("kbportal: ")
