"""One line on top of every customer page, out as soon as the file is saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.articles.announcement import read_announcement
from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.cast import a_portal, an_app
from tests.rooms.help.forms import recorded

Say = Callable[..., None]
LATE = "Parcels are late <today>."


@pytest.fixture
def own(indexed: Settings, tmp_path: Path) -> Portal:
    """A portal whose articles folder holds announcements alone."""
    return a_portal(indexed, instance=tmp_path / "i", articles=tmp_path / "articles")


@pytest.fixture
def visitor(own: Portal) -> FlaskClient:
    return an_app(own, WTF_CSRF_ENABLED=True).test_client()


@pytest.fixture
def say(own: Portal) -> Say:
    def write(text: str, lang: str = "en") -> None:
        folder = own.settings.articles / lang
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "_announcement.yml").write_text(text, encoding="utf-8")

    return write


def key_in(page: str) -> str:
    found = re.search(r'data-announcement="([0-9a-f]{12})"', page)
    return found[1] if found else ""


@pytest.mark.parametrize(
    "path", ["/en/", "/en/articles/late-parcel", "/en/search?q=x", "/en/contact", "/en/nowhere"]
)
def test_what_is_saved_is_on_every_page_at_once_and_inert(visitor, say, path):
    assert not key_in(visitor.get(path).text)

    say(f"text: {LATE}\nlink: /en/articles/late-parcel\nlink_text: Why\n")

    page = visitor.get(path).text
    assert "<p>Parcels are late &lt;today&gt;." in page
    assert '<a href="/en/articles/late-parcel">Why</a>' in page


def test_it_changes_and_goes_without_a_restart(visitor, say, own):
    say("text: One\n")
    first = key_in(visitor.get("/en/").text)
    say("text: Another\n")

    assert "Another" in visitor.get("/en/").text
    assert key_in(visitor.get("/en/").text) != first
    (own.settings.articles / "en" / "_announcement.yml").unlink()
    assert not key_in(visitor.get("/en/").text)


def test_each_language_announces_for_itself(visitor, say):
    say("text: Meškáme\n", lang="sk")

    assert "Meškáme" in visitor.get("/sk/").text
    assert not key_in(visitor.get("/en/").text)


@pytest.mark.parametrize(("days", "shown"), [(0, True), (-1, False)])
def test_it_ends_with_its_last_day(visitor, say, own, days, shown):
    say(f"text: Late\nuntil: {own.clock().date() + timedelta(days=days)}\n")

    assert bool(key_in(visitor.get("/en/").text)) is shown


def test_closed_without_a_script_it_stays_away_until_another_comes(visitor, say, own):
    say("text: Late\n")
    page = visitor.get("/en/articles/late-parcel")
    form = {"key": key_in(page.text), "back": "/en/articles/late-parcel"}

    response = visitor.post("/en/announcement", data=form)

    assert (response.status_code, response.location) == (303, "/en/articles/late-parcel")
    assert not key_in(visitor.get("/en/").text)
    say("text: Later\n")
    assert key_in(visitor.get("/en/").text)
    assert recorded(own) == []


def test_pages_with_and_without_it_are_kept_apart(visitor, say):
    say("text: Late\n")
    page = visitor.get("/en/")
    visitor.set_cookie("kb_closed", key_in(page.text))

    again = visitor.get("/en/", headers={"If-None-Match": page.headers["ETag"]})

    assert "Cookie" in page.headers["Vary"]
    assert again.status_code == 200


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_closing_leads_nowhere_else(visitor, back):
    response = visitor.post("/en/announcement", data={"key": "0" * 12, "back": back})

    assert response.location == "/en/"


@pytest.mark.parametrize("key", ["", "x", "0" * 13, "0" * 11 + "\n", "0;Path=/"])
def test_only_a_key_is_remembered(visitor, key):
    response = visitor.post("/en/announcement", data={"key": key})

    assert response.status_code == 400
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("link: /en/\n", "write `text"),
        ("text: x\nlink: javascript:alert(1)\n", "`link` must begin"),
        ("text: x\nlink: //evil.example\n", "`link` must begin"),
        ("text: x\nkind: shout\n", "`kind` is one of"),
        (f"text: {'x' * 501}\n", "501 characters"),
        ("- text\n", "write lines like"),
        ("text: [", "not used"),
    ],
)
def test_a_file_that_cannot_be_used_announces_nothing_and_says_why(tmp_path, written, problem):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "_announcement.yml").write_text(written)
    problems: list[object] = []

    assert read_announcement(tmp_path, "en", problems) is None
    assert [one.rule for one in problems] == ["bad-announcement"]
    assert problem in problems[0].message
