from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kbportal.deflection.trials.changes import ArticleChange
from kbportal.people.audit import Action, audit_line
from kbportal.storage import Stores
from tests.builders import NOON, RESET

CHANGE = ArticleChange("c1", NOON, RESET, "t-12345678", "b", "před\r\n", "B\n", "0" * 64)


def line(action: Action):
    return audit_line(action, by="u1", at=NOON, subject=RESET)


def test_an_ended_test_is_kept_with_its_texts_and_its_line(stores: Stores) -> None:
    stores.article_changes.add(CHANGE, line(Action.TEST_WON))

    assert stores.article_changes.one("c1") == CHANGE
    assert stores.article_changes.one("c2") is None
    assert stores.audit.page().lines[0].action is Action.TEST_WON


def test_an_undone_one_says_so_and_the_newest_come_first(stores: Stores) -> None:
    later = replace(CHANGE, id="c2", at=NOON + timedelta(hours=1))
    for change in (CHANGE, later):
        stores.article_changes.add(change, line(Action.TEST_WON))

    stores.article_changes.undo("c1", line(Action.TEST_UNDONE), now=NOON)

    assert stores.article_changes.newest() == (later, replace(CHANGE, undone=NOON))
