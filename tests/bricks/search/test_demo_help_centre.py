"""The demo articles' own retrieval tests: each question in `answers` finds its article."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from kbportal.articles.library import read_library
from kbportal.articles.model import Article
from kbportal.embedding.sentence_transformer import SentenceTransformerEmbedder
from kbportal.search.build.builder import Source
from kbportal.search.evaluation.perturb import perturbed
from kbportal.search.index.generation import Generation
from kbportal.search.query.engine import Engine
from tests.bricks.search.conftest import DEMO_ARTICLES, Demo, built_generation

LANGUAGES = ("en", "sk", "pl", "fi", "ro")
SHOWN = 3


def demo_articles(lang: str) -> tuple[Article, ...]:
    return read_library(DEMO_ARTICLES, languages=[lang]).articles


def questions(lang: str) -> Iterator[tuple[str, str]]:
    """Every question of the public articles, with the id of its article."""
    public = (article for article in demo_articles(lang) if article.is_public)
    return ((question, article.id) for article in public for question in article.answers)


def share_found(generation: Generation, lang: str, *, damage: str = "") -> float:
    """Of all questions, those whose article is suggested; prints those where it is not."""
    engine, found, asked = Engine(generation), 0, 0
    for question, article in questions(lang):
        typed = perturbed(question, damage, seed=question)
        shown = [hit.article_id for hit in engine.suggest(typed, lang=lang, limit=SHOWN).hits]
        asked, found = asked + 1, found + (article in shown)
        if article not in shown:
            print(f"{lang}: {typed!r} shows {shown}, not {article}")
    return found / asked


@pytest.fixture(scope="session")
def demo_with_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Generation]:
    """Gives the demo articles of one language, indexed with the real model."""
    embedder = SentenceTransformerEmbedder("default")

    @cache
    def built(lang: str) -> Generation:
        indexes = tmp_path_factory.mktemp(f"meaning-{lang}")
        source = Source(articles=demo_articles(lang))
        return built_generation(source, indexes, embedder=embedder)

    return built


@pytest.mark.parametrize("lang", LANGUAGES)
def test_by_keywords_alone_questions_find_their_article(demo: Demo, lang):
    assert share_found(demo(lang), lang) >= 0.98


@pytest.mark.parametrize("lang", LANGUAGES)
def test_by_keywords_alone_questions_without_diacritics_find_their_article(demo: Demo, lang):
    assert share_found(demo(lang), lang, damage="nodiacritics") >= 0.98


@pytest.mark.parametrize("lang", LANGUAGES)
def test_by_keywords_alone_questions_with_typos_find_their_article(demo: Demo, lang):
    assert share_found(demo(lang), lang, damage="typo") >= 0.85


@pytest.mark.model
@pytest.mark.timeout(600)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_find_their_article(demo_with_model, lang):
    assert share_found(demo_with_model(lang), lang) >= 0.97
