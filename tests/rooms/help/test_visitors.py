"""Noting who was here never costs a page, whatever the disk is like."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from kbportal.kernel.clock import utc_now
from kbportal.web.daily import daily_id
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.help.forms import a_form, recorded

NOW = utc_now()


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """An instance folder in which nothing can be written, not even by root."""
    path = tmp_path / "a-file"
    path.write_text("")
    return path


@pytest.fixture
def ids():
    """The ids of a visitor in daily mode, by instance folder and moment."""

    def found(instance: Path, now=NOW, browser="Firefox") -> tuple[str, str]:
        with Flask("x").test_request_context("/", headers={"User-Agent": browser}):
            return daily_id(instance, now=now)

    return found


def test_a_visitor_keeps_an_id_for_as_long_as_the_key_lives(ids, tmp_path):
    assert ids(tmp_path)[0] == ids(tmp_path, NOW + timedelta(hours=47))[0]
    assert ids(tmp_path)[0] != ids(tmp_path, browser="Safari")[0]


def test_after_two_days_the_key_is_forgotten(ids, tmp_path):
    first = ids(tmp_path)[0]
    key = (tmp_path / "visitor_key").read_text()

    assert ids(tmp_path, NOW + timedelta(hours=49))[0] != first
    assert (tmp_path / "visitor_key").read_text() != key


def test_a_folder_that_takes_no_key_costs_nothing(ids, nowhere):
    assert ids(nowhere) == ids(nowhere)
    assert ids(nowhere, NOW + timedelta(hours=49))[0] != ids(nowhere)[0]


@pytest.mark.parametrize("text", ["", "nonsense", "2026-01-01 00", "now abcd"])
def test_a_key_that_cannot_be_read_is_made_anew(ids, tmp_path, text):
    (tmp_path / "visitor_key").write_text(text.replace("now", NOW.isoformat()))

    assert ids(tmp_path) == ids(tmp_path)


def test_pages_and_tickets_work_in_daily_mode_on_a_read_only_disk(portal: Portal, nowhere):
    # The database is open already; only the folder is out of reach.
    daily = replace(portal, settings=replace(portal.settings, visitor_identity="daily"))
    app = an_app(daily)
    unwritable = replace(daily, settings=replace(daily.settings, instance=nowhere))
    app.extensions["kbportal"] = unwritable

    response = app.test_client().get("/en/search?q=password")

    assert response.status_code == 200
    (event,) = recorded(portal, "search")
    assert event.visitor


def test_a_fault_in_noting_is_logged_and_nothing_more(portal: Portal, caplog):
    class Broken:
        def record(self, event: object) -> None:
            raise RuntimeError("full")

    client = an_app(replace(portal, recorder=Broken())).test_client()  # type: ignore[arg-type]

    assert client.get("/en/search?q=password").status_code == 200
    assert client.post("/en/contact", data=a_form()).status_code == 303
    assert "not recorded" in caplog.text
