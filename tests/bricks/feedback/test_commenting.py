"""What is kept of what readers write."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kbportal import storage
from kbportal.feedback.commenting import comment_on
from kbportal.feedback.model import LONGEST, Comment
from kbportal.kernel.clock import utc_now

NOW = utc_now()


def said(text: str, **facts: str) -> Comment | None:
    given = {"lang": "en", "answer": "no", "reason": "unclear", **facts}
    return comment_on("en/a/one", text, now=NOW, **given)


def test_a_comment_is_plain_text_whose_lines_stay():
    comment = said("  The  link is\u202e dead. \r\n\r\n <b>Really</b>\x00 ")

    assert comment
    assert comment.text == "The link is dead.\n<b>Really</b>"


def test_what_tells_who_wrote_it_is_replaced():
    comment = said("I am jana@example.com, call +421 905 123 456, card 4111 1111 1111 1111")

    assert comment
    assert comment.text == "I am [email] call [phone], card [card]"


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b"])
def test_nothing_said_is_no_comment(text):
    assert said(text) is None


def test_a_very_long_comment_is_cut():
    comment = said("word " * 100_000)

    assert comment
    assert len(comment.text) <= LONGEST


@pytest.fixture
def store(tmp_path):
    url = f"sqlite:///{tmp_path / 'k.sqlite'}"
    storage.upgrade(url)
    stores = storage.open_stores(url)
    yield stores.comments
    stores.close()


def test_comments_come_back_newest_first_by_period_and_language(store):
    for days, lang in ((1, "en"), (2, "sk"), (3, "en"), (40, "en")):
        comment = comment_on("a", f"day {days}", lang=lang, answer="no", reason="",
                             now=NOW - timedelta(days=days))  # fmt: skip
        assert comment
        store.add(comment)
    month = (NOW - timedelta(days=30), NOW)

    assert [one.text for one in store.newest(*month)] == ["day 1", "day 2", "day 3"]
    assert [one.text for one in store.newest(*month, lang="en")] == ["day 1", "day 3"]
    assert [one.at for one in store.newest(*month, limit=1)] == [NOW - timedelta(days=1)]
