from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.kernel.turns import turn
from kbportal.settings import Settings, load
from kbportal.tickets.submission import submit
from kbportal.wiring import mail_lock, open_database
from tests.builders import a_submission
from tests.cli.test_serve import answers
from tests.mailing import Mailbox, a_free_port, a_mail_server


def mail_settings(monkeypatch: pytest.MonkeyPatch, server: Mailbox) -> None:
    for name, value in {
        "MAIL_HOST": server.host, "MAIL_PORT": str(server.port), "MAIL_SECURITY": "none",
        "MAIL_FROM": "help@acme.example", "SITE_URL": "http://127.0.0.1",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"KBPORTAL_{name}", value)


@pytest.fixture
def write_ticket(home: Path) -> Callable[..., None]:
    """Files a ticket into the database of the folder."""

    def write(**facts: str) -> None:
        stores = open_database(load())
        try:
            submit(
                a_submission(draft_id=None, **facts), stores.tickets, now=utc_now(),
                secret=b"x" * 32, ticket_id=new_id(), event_id=new_id(),
            )  # fmt: skip
        finally:
            stores.close()

    return write


def test_without_a_mail_server_a_letter_is_a_file_that_is_named(run, home, write_ticket):
    write_ticket()

    said = run("mail", "send")

    (path,) = (home / "instance" / "outgoing").iterdir()
    assert (said.code, said.out) == (0, "1 sent, 0 put off, 0 failed, 0 perhaps sent.\n")
    assert str(path) in said.complaint
    assert "To: jana@example.com" in path.read_text(encoding="utf-8")


def test_a_letter_goes_to_the_mail_server_once(run, monkeypatch, write_ticket):
    write_ticket()
    with a_mail_server() as server:
        mail_settings(monkeypatch, server)

        found = [run("mail", "send", "--json").json["sent"] for _ in range(2)]

    assert found == [1, 0]
    assert server.recipients == ["jana@example.com"]


def test_a_server_that_is_away_is_a_failure_and_the_letter_waits(run, monkeypatch, write_ticket):
    write_ticket()
    mail_settings(monkeypatch, Mailbox(port=a_free_port()))

    said = run("mail", "send", "--json")

    assert (said.code, said.json["reachable"], said.json["postponed"]) == (1, False, 1)
    status = run("mail", "status", "--json")
    assert (status.code, status.json["letters"]["waiting"]) == (0, 1)


def test_a_letter_that_failed_is_shown_with_its_reason(run, monkeypatch, write_ticket):
    write_ticket()
    with a_mail_server(answers={"RCPT": "550 nobody here"}) as server:
        mail_settings(monkeypatch, server)
        assert run("mail", "send").code == 1

    said = run("mail", "status")

    assert said.code == 1
    assert "failed: received (ticket 1001), 1 tries: 550 nobody here" in said.out


def test_nothing_is_sent_while_another_process_sends(run, home, write_ticket):
    write_ticket()
    with turn(mail_lock(load())) as mine:
        said = run("mail", "send", "--json")

    assert mine
    assert (said.code, said.json["busy"], said.json["sent"]) == (0, True, 0)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"MAIL_HOST": "m.example"}, "mail_from"),
        ({"MAIL_HOST": "m.example", "MAIL_FROM": "a@b.example"}, "site_url"),
        ({"MAIL_FROM": "Ann <a@b.example>"}, "mail_from"),
        ({"MAIL_SECURITY": "maybe"}, "mail_security"),
        ({"MAIL_PORT": "0"}, "mail_port"),
        ({"MAIL_HOST": "m.example", "MAIL_FROM": "a@b.example", "SITE_URL": "https://x.example",
          "MAIL_USER": "u"}, "mail_password"),
        ({"MAIL_HOST": "m.example", "MAIL_FROM": "a@b.example", "SITE_URL": "https://x.example",
          "MAIL_USER": "u", "MAIL_PASSWORD": "p", "MAIL_SECURITY": "none"}, "mail_security"),
        ({"MAIL_HOST": "m.example", "MAIL_FROM": "a@b.example", "SITE_URL": "https://x.example",
          "MAIL_PASSWORD_FILE": "nowhere"}, "mail_password_file"),
    ],
)  # fmt: skip
def test_settings_of_mail_that_cannot_work_are_named(run, monkeypatch, variables, named):
    for name, value in variables.items():
        monkeypatch.setenv(f"KBPORTAL_{name}", value)

    said = run("mail", "send")

    assert (said.code, named in said.complaint) == (2, True)


def test_a_password_is_not_in_what_is_printed_of_the_settings():
    assert "hunter2" not in repr(replace(Settings(), mail_password="hunter2"))


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "kbportal", "serve", "--port", str(port), "--workers", "2"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert answers(f"http://127.0.0.1:{port}/healthz", within_s=60)
    return server


def end(server: subprocess.Popen[str], how: signal.Signals) -> str:
    os.killpg(server.pid, how) if how is signal.SIGKILL else server.send_signal(how)
    return server.communicate(timeout=30)[0]


def file_by_http(port: int) -> None:
    body = b'{"subject": "s", "description": "d", "email": "jana@example.com"}'
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/tickets", body, {"Content-Type": "application/json"}
    )
    assert urllib.request.urlopen(request, timeout=10).status == 201


def wait_for(what: Callable[[], object], *, within_s: float = 30) -> None:
    until = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.05)


def test_a_server_killed_before_the_letter_sends_it_once_after_the_start(indexed, monkeypatch, run):
    box, port = Mailbox(port=a_free_port()), a_free_port()
    mail_settings(monkeypatch, box)
    first = start(indexed.parent, port)
    file_by_http(port)
    end(first, signal.SIGKILL)

    with a_mail_server(port=box.port) as server:
        second = start(indexed.parent, port)
        try:
            # The letter may have been tried in vain before the end, and then waits for a while.
            wait_for(lambda: server.arrived, within_s=60)
            wait_for(lambda: run("mail", "status", "--json").json["letters"]["sent"])
        finally:
            said = end(second, signal.SIGTERM)
    third = start(indexed.parent, port)
    end(third, signal.SIGTERM)

    assert server.recipients == ["jana@example.com"]
    assert "Traceback" not in said


def test_a_newcomer_is_told_where_letters_are(indexed):
    port = a_free_port()
    server = start(indexed.parent, port)
    outgoing = indexed.parent / "instance" / "outgoing"
    try:
        file_by_http(port)
        wait_for(lambda: list(outgoing.glob("*.txt")))
    finally:
        said = end(server, signal.SIGTERM)

    (path,) = outgoing.glob("*.txt")
    assert f"letters to customers become files in\n  {outgoing}" in said
    assert str(path) in said
