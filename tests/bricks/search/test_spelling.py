"""Did you mean: which words are corrected, and above all which are not."""

from __future__ import annotations

import pytest

from kbportal.articles.library import read_library
from kbportal.search.build.builder import Source
from kbportal.search.evaluation.perturb import perturbed
from kbportal.search.query.engine import Engine
from kbportal.search.query.spelling import slips
from tests.bricks.search.conftest import DEMO_ARTICLES, Demo, built_generation
from tests.builders import UNSCHOOLED, an_article, shop_articles


@pytest.fixture(scope="module")
def bilingual(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A shop whose articles are in two languages that search has no dictionaries of."""
    own = an_article("general/note", title="Účet Kovač", body="Tvoj účet. A password for Kovač.")
    other = an_article("general/other", lang="is", title="Pasword", body="Passwor lykill.")
    articles = [*shop_articles(), own, other]
    generation = built_generation(
        Source(articles=articles), tmp_path_factory.mktemp("spelling"), embedder=None
    )
    return Engine(generation)


@pytest.mark.parametrize("typed", ["passwrd", "passsword", "pasasword", "passwodr", "passwird"])
def test_one_slip_is_mended(engine, typed):
    assert engine.corrected(f"my {typed}", lang=UNSCHOOLED) == "my password"


def test_a_misspelt_word_finds_what_was_meant(engine):
    right, slipped = (engine.search(t, lang=UNSCHOOLED) for t in ("refund", "reffund"))

    assert slipped.hits[0].article_id == right.hits[0].article_id
    assert slipped.correction == "refund"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("My  PASSWRD, please!", "My  PASSWORD, please!"),
        ("„Passwrd“ – lost?", "„Password“ – lost?"),
        ("Xylo-2 wants my reffund", "Xylo-2 wants my refund"),
    ],
)
def test_all_else_stays_as_it_was_typed(engine, typed, meant):
    assert engine.corrected(typed, lang=UNSCHOOLED) == meant


@pytest.mark.parametrize(
    "text",
    [
        "password", "PASSWORD", "my pass", "b4sket", "passw0rd", "cokie1", "the", "zebra",
        "bassword", "passwotf", "passwprdd", "x" * 60, "p" * 500, "", "   ", "\udcff\0", "🧺" * 9,
    ],
)  # fmt: skip
def test_what_is_right_or_hopeless_stays(engine, text):
    assert engine.corrected(text, lang=UNSCHOOLED) is None


def test_a_word_of_another_language_is_no_mistake(bilingual: Engine):
    assert bilingual.corrected("my pasword", lang=UNSCHOOLED) is None
    assert bilingual.corrected("my passwrd", lang=UNSCHOOLED) == "my password"


def test_a_word_is_given_its_diacritics_back(bilingual: Engine):
    assert bilingual.corrected("kovvač", lang=UNSCHOOLED) == "kovač"
    assert bilingual.corrected("Kovvac", lang=UNSCHOOLED) == "Kovač"


def test_a_form_that_only_the_dictionary_knows_is_no_mistake(demo: Demo):
    engine = Engine(demo("sk"))
    forms = demo("sk").languages["sk"].analyser.lookup

    assert forms("heslami")
    assert engine.corrected("čo s heslami", lang="sk") is None


def test_a_correction_must_find_more(engine):
    """`refund` alone is rarer than what the other words find together."""
    text = "Later nobody will find the parcel again, more on my refnud"

    assert engine.corrected(text, lang=UNSCHOOLED) is None


def test_a_text_of_unknown_words_is_no_misspelt_query(engine):
    text = "pasword refnud parcle invioce adress cokie delivry"

    assert engine.corrected(text, lang=UNSCHOOLED) is None


def test_letters_of_other_scripts_are_tried_too():
    assert "пароль" in slips("парль")


@pytest.mark.parametrize("lang", ["en", "sk", "pl", "fi", "ro"])
def test_titles_of_the_demo_are_right_and_most_slips_in_them_are_mended(demo: Demo, lang):
    engine = Engine(demo(lang))
    titles = [a.title for a in read_library(DEMO_ARTICLES, languages=[lang]).articles]
    damaged = {perturbed(title, "typo", seed=title): title for title in titles if len(title) > 20}

    assert [engine.corrected(title, lang=lang) for title in titles] == [None] * len(titles)
    mended = [engine.corrected(text, lang=lang) for text in damaged]
    assert sum(map(bool, mended)) / len(damaged) > 0.5
