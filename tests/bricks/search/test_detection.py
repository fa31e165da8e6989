"""Which language a text is written in, and what is found for it in that language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kbportal.articles.library import read_library
from kbportal.kernel.text import fold
from kbportal.search.build.builder import Source
from kbportal.search.index.language import LanguageIndex
from kbportal.search.query.detection import language_of
from kbportal.search.query.engine import Engine
from tests.bricks.search.conftest import DEMO_ARTICLES, Demo, built_generation

LANGUAGES = ("en", "sk", "pl", "fi", "ro")
TYPED = {
    "en": "The parcel has not arrived and nobody answers my letters",
    "sk": "Balík stále neprišiel a nikto mi neodpovedá na správy",
    "pl": "Paczka jeszcze nie przyszła i nikt nie odpowiada na wiadomości",
    "fi": "Paketti ei ole vieläkään saapunut eikä kukaan vastaa viesteihin",
    "ro": "Coletul nu a ajuns încă și nimeni nu răspunde la mesaje",
}


@pytest.fixture(scope="module")
def languages(demo: Demo) -> dict[str, LanguageIndex]:
    return {lang: demo(lang).languages[lang] for lang in LANGUAGES}


@pytest.fixture(scope="module")
def bilingual(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The English and the Slovak demo articles, by keywords alone; English stands in."""
    articles = read_library(DEMO_ARTICLES, languages=["en", "sk"]).articles
    indexes: Path = tmp_path_factory.mktemp("bilingual")
    generation = built_generation(Source(articles=articles), indexes, embedder=None)
    return Engine(generation, fallback_lang="en")


@pytest.mark.parametrize("page", LANGUAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_is_known_by_its_words_on_any_page(languages, lang, page):
    assert language_of(TYPED[lang], page=page, languages=languages) == lang


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_without_diacritics_is_known_too(languages, lang):
    page = "en" if lang != "en" else "sk"

    assert language_of(fold(TYPED[lang]), page=page, languages=languages) == lang


@pytest.mark.parametrize(
    "text", ["", "?!", "42", "xy", "login", "qqq www zzz", "Wi-Fi", "\0\udcff", "Привет мир", "🧺"]
)
@pytest.mark.parametrize("page", LANGUAGES)
def test_what_is_not_clear_is_in_the_language_of_the_page(languages, text, page):
    assert language_of(text, page=page, languages=languages) == page


def test_one_foreign_word_makes_no_foreign_text(languages):
    text = "Aplikácia píše subscription, keď chcem objednať sviečky"

    assert language_of(text, page="sk", languages=languages) == "sk"


def test_a_page_in_a_language_without_articles_keeps_it(languages):
    assert language_of(TYPED["sk"], page="hu", languages=languages) == "hu"


def test_only_languages_of_the_portal_come_into_question(languages):
    only = {lang: languages[lang] for lang in ("en", "sk")}

    assert language_of(TYPED["fi"], page="en", languages=only) == "en"


def test_a_text_in_another_language_finds_articles_in_that_language(bilingual: Engine):
    results = bilingual.suggest("zabudol som heslo a neviem sa prihlásiť", lang="en")

    assert results.lang == "en"
    assert {hit.lang for hit in results.hits} <= {"en"}
    assert results.fallback[0].article_id == "sk/account/reset-password"
    assert {hit.lang for hit in results.fallback} == {"sk"}


def test_a_search_in_another_language_finds_them_too(bilingual: Engine):
    results = bilingual.search("I forgot my password and cannot log in", lang="sk")

    assert results.fallback[0].article_id == "en/account/reset-password"
    assert {hit.lang for hit in results.hits} <= {"sk"}


def test_a_text_in_the_language_of_the_page_finds_nothing_elsewhere(bilingual: Engine):
    results = bilingual.search("zabudol som heslo a neviem sa prihlásiť", lang="sk")

    assert results.hits[0].article_id == "sk/account/reset-password"
    assert results.fallback == ()


def test_another_language_is_never_mixed_in(bilingual: Engine):
    results = bilingual.search("I forgot my password and cannot log in", lang="sk")

    assert results.hits
    assert {hit.lang for hit in results.offered(3)} == {"sk"}


def test_where_the_page_has_no_answer_one_article_of_the_texts_language_is_offered(
    bilingual: Engine,
):
    results = replace(bilingual.search("I forgot my password", lang="sk"), hits=())

    assert [hit.lang for hit in results.offered(3)] == ["en"]
