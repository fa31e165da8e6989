from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kbportal.articles.model import Article
from kbportal.embedding.hashing import HashingEmbedder
from kbportal.search.build.builder import Source, build
from kbportal.search.index.generation import IndexMissing, point_to
from kbportal.search.query.live import LiveIndex
from tests.builders import NOON, UNSCHOOLED, shop_articles


def publish(indexes: Path, articles: Sequence[Article]) -> str:
    source = Source(articles=articles)
    return build(source, indexes, embedder=HashingEmbedder(), now=NOON).generation


@pytest.fixture
def indexes(tmp_path: Path) -> Path:
    publish(tmp_path, shop_articles())
    return tmp_path


def test_without_an_index_it_says_what_to_run(tmp_path):
    with pytest.raises(IndexMissing, match=r"Run: kbportal index$"):
        LiveIndex(tmp_path / "nothing").current()


def test_an_index_that_is_built_later_is_noticed(tmp_path):
    live = LiveIndex(tmp_path)
    with pytest.raises(IndexMissing):
        live.current()

    generation = publish(tmp_path, shop_articles())

    assert live.current().id == generation


def test_the_same_generation_is_opened_once(indexes):
    live = LiveIndex(indexes)

    assert live.current() is live.current()


def test_a_moved_pointer_is_noticed(indexes):
    live = LiveIndex(indexes)
    first = live.current().id

    second = publish(indexes, shop_articles(["other", "more"]))

    assert live.current().id == second != first


def test_a_new_generation_that_is_broken_leaves_the_old_one_going(indexes):
    live = LiveIndex(indexes)
    before = live.current()
    (indexes / "broken").mkdir()
    (indexes / "broken" / "manifest.json").write_text("{}")

    point_to(indexes, indexes / "broken")

    assert live.current() is before
    assert live.current().engine.search("refund", lang=UNSCHOOLED).hits


def test_a_sound_generation_after_a_broken_one_is_taken(indexes):
    live = LiveIndex(indexes)
    live.current()
    (indexes / "broken").mkdir()
    point_to(indexes, indexes / "broken")
    live.current()

    third = publish(indexes, shop_articles(["other", "more"]))

    assert live.current().id == third


def test_an_index_deleted_while_it_is_open_goes_on(indexes):
    live = LiveIndex(indexes)
    before = live.current()

    shutil.rmtree(indexes)

    assert live.current() is before
    assert live.current().engine.search("refund", lang=UNSCHOOLED).hits


def test_an_index_deleted_while_it_is_open_answers_threads_that_come_later(indexes):
    live = LiveIndex(indexes)
    live.current()
    shutil.rmtree(indexes)

    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(live.current().engine.search, '"the refund"', lang=UNSCHOOLED)

        assert asked.exception() is None


def test_threads_that_ask_at_once_share_one_generation(indexes):
    live = LiveIndex(indexes)
    start = threading.Barrier(8)

    def ask(_: int) -> object:
        start.wait()
        return live.current()

    with ThreadPoolExecutor(8) as threads:
        opened = list(threads.map(ask, range(8)))

    assert len({id(one) for one in opened}) == 1
