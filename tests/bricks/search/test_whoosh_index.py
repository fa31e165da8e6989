from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.kernel.text import fold
from kbportal.search.index.whoosh_index import (
    Entry,
    WhooshIndex,
    WhooshUnusable,
    write_index,
    write_index_apart,
)


def an_entry(article_id: str, text: str, **facts: Any) -> Entry:
    whole: dict[str, Any] = {
        "public": True,
        "category": "c",
        "tags": (),
        "title": (),
        "body": text.split(),
    }
    return Entry(article_id, **(whole | facts))


ENTRIES = [
    an_entry("reset", "reset your password by mail", title=["password"], tags=["Účet"]),
    an_entry("change", "password of your new reset box"),
    an_entry("parcel", "your late parcel", tags=["post"]),
    an_entry("draft", "reset your secretword", public=False),
]


@pytest.fixture(scope="module", params=[write_index, write_index_apart])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    folder: Path = tmp_path_factory.mktemp("whoosh")
    request.param(folder, ENTRIES)
    return WhooshIndex(folder)


def test_a_phrase_is_words_in_that_order(index):
    assert index.with_phrases([["reset", "your"]]) == {"reset"}


def test_every_phrase_must_be_there(index):
    assert index.with_phrases([["your"], ["late", "parcel"]]) == {"parcel"}


def test_no_phrase_finds_a_draft(index):
    assert index.with_phrases([["secretword"]]) == set()


def test_an_empty_phrase_matches_nothing(index):
    assert index.with_phrases([[]]) == set()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("password", {"reset", "change"}),
        ('"reset your"', {"reset", "draft"}),
        ("title:password", {"reset"}),
        ("tags:ucet", {"reset"}),
        ("password NOT mail", {"change"}),
        ("parcel OR mail", {"parcel", "reset"}),
        ("late parcel", {"parcel"}),
        ("PASSWORD", {"reset", "change"}),
        ("zebra", set()),
        ("", set()),
    ],
)
def test_staff_find_by_words_phrases_fields_and_operators(index, query, found):
    assert set(index.find(query, fold, limit=10)) == found


def test_a_match_in_the_title_comes_first(index):
    assert index.find("password", fold, limit=10)[0] == "reset"


def test_no_more_are_found_than_asked_for(index):
    assert len(index.find("your", fold, limit=1)) == 1


@given(st.text(st.sampled_from("ab\"()[]{}*?~^:;!-+ \\/'\0&|<>TONR"), max_size=20))
@settings(deadline=None)
def test_no_staff_query_raises(index, query):
    index.find(query, fold, limit=3)


def test_a_staff_query_with_a_lone_surrogate_does_not_raise(index):
    index.find("\udcff*", fold, limit=3)


def test_eight_threads_get_the_answers_of_one(index):
    queries = ["password", "late parcel", '"reset your"', "tags:post", "title:password"] * 40
    alone = [index.find(query, fold, limit=10) for query in queries]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda query: index.find(query, fold, limit=10), queries))

    assert together == alone


def test_a_process_that_cannot_write_is_told(tmp_path):
    with pytest.raises(WhooshUnusable):
        write_index_apart(tmp_path / "gone", ENTRIES)


def test_a_process_whose_builder_has_died_writes_nothing(tmp_path):
    command = [sys.executable, "-m", "kbportal.search.index.whoosh_child", str(tmp_path)]
    child = subprocess.run(command, input=b"", capture_output=True, check=False)

    assert child.returncode
    assert not list(tmp_path.glob("*.seg"))
