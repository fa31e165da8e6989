"""What holds for every address of every room."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from kbportal.web.help import picture
from kbportal.web.security import HEADERS
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.contracts.walk import addresses
from tests.rooms.staff import signed_in

# What a page may write: the log of events, what was counted from it, and when a member of the
# staff was last seen.
MAY_CHANGE = {"events", "event_days", "day_facts", "staff_sessions"}

REFUSED = [
    ("GET", "/nowhere", {}),
    ("GET", "/api/v1/nowhere", {}),
    ("GET", "/api/v1/suggest", {}),
    ("PUT", "/en/", {}),
    ("DELETE", "/api/v1/tickets", {}),
    ("POST", "/api/v1/events", {"data": "x", "content_type": "text/plain"}),
    ("POST", "/api/v1/events", {"json": {"type": "x"}}),
    ("POST", "/api/v1/tickets", {"json": {}}),
    ("POST", "/api/v1/tickets", {"data": "x" * 2_000_000, "content_type": "application/json"}),
    ("POST", "/en/contact", {"data": {"subject": "x" * 2_000_000}}),
    ("OPTIONS", "/api/v1/suggest", {}),
    ("HEAD", "/en/", {}),
]


@pytest.fixture
def app(seeded_portal: Portal) -> Flask:
    return an_app(seeded_portal)


# What single pages may say instead, because it is stricter.
STRICTER = {
    "Referrer-Policy": {"no-referrer"},
    "Content-Security-Policy": {picture.POLICY},
}
# The one file that is meant for pages of other origins.
FOR_OTHERS = {"/widget.js": {"Cross-Origin-Resource-Policy"}}


def missing_headers(headers: Headers) -> set[str]:
    return {
        name
        for name, value in HEADERS.items()
        if headers.get(name) not in {value, *STRICTER.get(name, ())}
    }


@pytest.fixture(params=["anybody", "admin"])
def client(request: pytest.FixtureRequest, app: Flask, seeded_portal: Portal) -> FlaskClient:
    """Somebody who has not signed in, and somebody who may enter every room."""
    if request.param == "anybody":
        return app.test_client()
    return signed_in(seeded_portal, "admin", app=app)


def test_every_page_answers_and_carries_the_security_headers(app: Flask, client: FlaskClient):
    wrong = {}
    for path in addresses(app):
        response = client.get(path)
        missing = missing_headers(response.headers) - FOR_OTHERS.get(path, set())
        if response.status_code >= 500 or missing:
            wrong[path] = response.status

    assert wrong == {}


@pytest.mark.parametrize(("method", "path", "options"), REFUSED)
def test_every_refusal_carries_the_security_headers(app: Flask, method, path, options):
    response = app.test_client().open(path, method=method, **options)

    assert missing_headers(response.headers) == set()


def test_no_line_end_that_somebody_sends_reaches_a_header(app: Flask, client: FlaskClient):
    sent = "/x\r\nX-Evil: 1\r\n\0"
    asked = dict.fromkeys(("next", "lang", "q", "from", "to", "status", "before", "v"), sent)
    wrong, seen = {}, set()
    for path in addresses(app):
        rule = app.url_map.bind("localhost").match(path.partition("?")[0])[0]
        if rule in seen:
            continue
        seen.add(rule)
        response = client.get(path.partition("?")[0], query_string=asked)
        if response.status_code >= 500 or "X-Evil" in str(response.headers):
            wrong[path] = response.status

    assert len(seen) > 30
    assert wrong == {}


def test_opening_pages_changes_nothing(app: Flask, client: FlaskClient, seeded_portal: Portal):
    settings, other = seeded_portal.settings, app.test_client()
    ticket = {"subject": "s", "description": "d", "email": "b@example.com"}
    token = other.post("/api/v1/tickets", json=ticket).json["url"].rpartition("/")[2]
    before = _rows(settings.instance), _files(settings.articles), _files(settings.indexes)

    for path in addresses(app, token=(token, "nobody-knows")):
        client.get(path)
        client.head(path)

    assert seeded_portal.recorder.flush()
    after = _rows(settings.instance), _files(settings.articles), _files(settings.indexes)
    assert after == before


def _rows(instance: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but those that may change."""
    with sqlite3.connect(instance / "kbportal.sqlite") as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        names = {name for (name,) in found} - MAY_CHANGE
        assert "tickets" in names
        return {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def _files(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
