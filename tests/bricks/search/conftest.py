"""Indexes that many tests ask: a small one, and the demo help centre language by language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import pytest

from kbportal.articles.library import read_library
from kbportal.embedding.hashing import HashingEmbedder
from kbportal.embedding.ports import Embedder
from kbportal.search.build.builder import Source, build
from kbportal.search.index.generation import Generation, live_folder, open_generation
from kbportal.search.index.tally import Counting, Tally
from kbportal.search.query.engine import Engine
from kbportal.search.text.analysis import Analyser
from tests.builders import NOON, an_article, shop_articles

DEMO_ARTICLES = Path(__file__).parents[3] / "articles"

Demo = Callable[[str], Generation]


def built_generation(source: Source, indexes: Path, *, embedder: Embedder | None) -> Generation:
    build(source, indexes, embedder=embedder, now=NOON)
    return open_generation(live_folder(indexes))


def tally_of(texts: Iterable[Sequence[str]]) -> Tally:
    """The tally of articles given as lists of terms."""
    counting = Counting()
    for terms in texts:
        counting.add(terms)
    return counting.tally()


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Twelve articles about one thing each, a draft and a staff article."""
    articles = [
        *shop_articles(),
        an_article("general/plan", title="Xylophone", body="A xylophone plan.", status="draft"),
        an_article("general/rules", title="Zeppelin", body="Zeppelin rules.", audience="staff"),
    ]
    source = Source(articles=articles)
    return built_generation(source, tmp_path_factory.mktemp("shop"), embedder=HashingEmbedder())


@pytest.fixture(scope="session")
def engine(shop: Generation) -> Engine:
    return Engine(shop)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Gives the demo articles of one language, indexed by keywords alone.

    Built once per language: a dictionary takes seconds to open.
    """

    @cache
    def built(lang: str) -> Generation:
        articles = read_library(DEMO_ARTICLES, languages=[lang]).articles
        indexes = tmp_path_factory.mktemp(f"demo-{lang}")
        return built_generation(Source(articles=articles), indexes, embedder=None)

    return built


@pytest.fixture(scope="session")
def analyser(demo: Demo) -> Callable[[str], Analyser]:
    """Gives the analyser that the demo articles of one language taught."""
    return lambda lang: demo(lang).languages[lang].analyser
