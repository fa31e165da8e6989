"""Tests of two versions of an article on the managers' page: their numbers, and their end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.people.audit import Action
from kbportal.web.versions import running
from kbportal.wiring import Portal, build_index, read_articles
from tests.builders import an_event
from tests.cast import SMALL_LIBRARY, a_portal, indexed_settings, write_library
from tests.rooms.staff import signed_in

RESET = "en/account/reset-password"
PAGE, END, UNDO = (f"/insights/experiments{path}" for path in ("", "/end", "/undo"))
B_FILE = "---\ntitle: Zap your password\nsummary: In a minute.\n---\n"


@pytest.fixture
def tried(tmp_path: Path) -> Iterator[Portal]:
    write_library(tmp_path / "articles", SMALL_LIBRARY | {f"{RESET}.b.md": B_FILE})
    portal = a_portal(indexed_settings(tmp_path))
    yield portal
    portal.close()


def file(portal: Portal, name: str = f"{RESET}.md") -> Path:
    return portal.settings.articles / name


def trial(portal: Portal) -> dict[str, str]:
    (found,) = running(portal.live.current().shelf).values()
    return {"article": RESET, "experiment": found.experiment}


def test_a_running_test_is_listed_with_its_numbers(tried: Portal):
    arm = f"{trial(tried)['experiment']}:b@50"
    long_ago = utc_now() - timedelta(days=20)
    view = an_event("article_viewed", visitor="v1", arm=arm)
    ticket = an_event("ticket_created", visitor="v1")
    tried.events.append([replace(one, ts=long_ago) for one in (view, ticket)])

    page = signed_in(tried, "editor").get(PAGE).text

    assert "Zap your password" in page
    assert "Not enough data yet" in page
    assert re.search(r"1 of [\d,]+ visitors", page)


def test_a_decided_test_says_by_whom_it_was_decided(tried: Portal):
    name, long_ago = trial(tried)["experiment"], utc_now() - timedelta(days=20)
    events = []
    for n in range(700):
        at, arm = long_ago + timedelta(seconds=n), f"{name}:{'ab'[n % 2]}@50"
        events.append(replace(an_event("article_viewed", visitor=f"v{n}", arm=arm), ts=at))
        if n % 20 != 1:
            events.append(replace(an_event("ticket_created", visitor=f"v{n}"), ts=at))
    tried.events.append(events)

    page = signed_in(tried, "editor").get(PAGE).text

    assert "Version B is better" in page
    assert re.search(r"Decided by the first [\d,]+ visitors", page)


def test_one_click_makes_the_winner_the_article_and_another_takes_it_back(tried: Portal):
    editor = signed_in(tried, "editor")
    before = file(tried).read_text()

    won = editor.post(END, data=trial(tried) | {"won": "b"})
    after = file(tried).read_text()
    page = editor.get(PAGE).text
    change = tried.article_changes.newest()[0]
    undone = editor.post(UNDO, data={"change": change.id})

    assert (won.status_code, undone.status_code) == (303, 303)
    assert "title: Zap your password" in after
    assert "faq: true" in after
    assert "Make B the article" not in page
    assert file(tried).read_text() == before
    assert file(tried, f"{RESET}.b.md").read_text() == B_FILE
    acts = [(line.action, line.subject) for line in tried.audit.page().lines]
    assert acts == [(Action.TEST_UNDONE, RESET), (Action.TEST_WON, RESET)]


def test_the_article_stays_when_a_has_won(tried: Portal):
    before = file(tried).read_text()

    signed_in(tried, "editor").post(END, data=trial(tried) | {"won": "a"})

    assert file(tried).read_text() == before
    assert not file(tried, f"{RESET}.b.md").exists()
    assert tried.audit.page().lines[0].action is Action.TEST_ENDED


def test_after_the_next_index_the_winner_is_what_visitors_see(tried: Portal):
    signed_in(tried, "editor").post(END, data=trial(tried) | {"won": "b"})

    build_index(tried.settings, read_articles(tried.settings), now=utc_now())
    later = a_portal(tried.settings)
    shelf = later.live.current().shelf

    assert shelf.card(RESET).title == "Zap your password"
    assert running(shelf) == {}
    later.close()


def test_a_file_that_was_changed_meanwhile_is_left_alone(tried: Portal):
    file(tried).write_text("---\ntitle: Mine\n---\nMine.\n")

    response = signed_in(tried, "editor").post(END, data=trial(tried) | {"won": "b"})

    assert response.status_code == 409
    assert "was changed since the last index" in response.text
    assert "Mine." in file(tried).read_text()
    assert tried.audit.page().lines == ()


def test_a_read_only_library_is_told_and_nothing_changes(tried: Portal, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "replace", refuse)
    response = signed_in(tried, "editor").post(END, data=trial(tried) | {"won": "b"})

    assert response.status_code == 409
    assert "read-only" in response.text
    assert file(tried, f"{RESET}.b.md").read_text() == B_FILE
    assert tried.article_changes.newest() == ()


def test_nobody_undoes_twice_or_what_never_was(tried: Portal):
    editor = signed_in(tried, "editor")
    editor.post(END, data=trial(tried) | {"won": "a"})
    change = {"change": tried.article_changes.newest()[0].id}
    editor.post(UNDO, data=change)

    again = editor.post(UNDO, data=change)
    never = editor.post(UNDO, data={"change": "x"})

    assert (again.status_code, never.status_code) == (409, 409)


@pytest.mark.parametrize(
    "fields", [{}, {"article": "en/x"}, {"article": RESET, "experiment": "t-00000000"}]
)
def test_a_test_that_is_none_is_refused(tried: Portal, fields):
    assert signed_in(tried, "editor").post(END, data=fields | {"won": "b"}).status_code == 409
    assert file(tried, f"{RESET}.b.md").exists()


def test_an_agent_ends_no_test(tried: Portal):
    agent = signed_in(tried, "agent")

    assert agent.post(END, data=trial(tried) | {"won": "b"}).status_code == 403
    assert file(tried, f"{RESET}.b.md").exists()


def test_the_page_stands_without_an_index(tried: Portal):
    bare = a_portal(tried.settings, indexes=tried.settings.instance / "none")

    assert signed_in(bare, "editor").get(PAGE).status_code == 200
    bare.close()
