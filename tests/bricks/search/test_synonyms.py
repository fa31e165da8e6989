"""Synonyms: what they let people find, and when a changed file counts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kbportal.articles.synonyms import Synonym
from kbportal.embedding.hashing import HashingEmbedder
from kbportal.search.build.builder import Source, build
from kbportal.search.index.generation import IndexMissing, live_folder, open_generation
from kbportal.search.query.engine import Engine, Mode
from kbportal.search.text.synonyms import Reading
from tests.bricks.search.conftest import built_generation
from tests.builders import NOON, TOPICS, UNSCHOOLED, an_article, shop_articles

MONEY = ("refund", "money back", "chargeback")
GROUPS = (
    Synonym(MONEY, MONEY),
    Synonym(("pärcel-thing", "box"), ("parcel",)),
    Synonym(("box office",), ("coupon",)),
)


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(articles=shop_articles(), synonyms={UNSCHOOLED: GROUPS})


@pytest.fixture(scope="module")
def generation(source: Source, tmp_path_factory: pytest.TempPathFactory):
    return built_generation(source, tmp_path_factory.mktemp("synonyms"), embedder=HashingEmbedder())


@pytest.fixture(scope="module")
def speaking(generation) -> Engine:
    return Engine(generation)


def slugs(engine: Engine, text: str, **options) -> list[str]:
    return [hit.slug for hit in engine.suggest(text, lang=UNSCHOOLED, **options).hits]


@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.KEYWORD])
@pytest.mark.parametrize("text", ["chargeback", "when is my money back", "MONEY-BACK please"])
def test_a_synonym_finds_what_the_word_of_the_articles_finds(speaking, text, mode):
    assert slugs(speaking, text, mode=mode) == ["refund"]


def test_a_synonym_helps_by_meaning_too(speaking):
    hits = speaking.search("chargeback", lang=UNSCHOOLED, mode=Mode.SEMANTIC).hits

    assert hits[0].slug == "refund"


def test_words_without_diacritics_are_the_same_phrase(speaking):
    assert slugs(speaking, "where is my parcel thing") == ["parcel"]


def test_an_arrow_does_not_go_back(generation):
    assert generation.synonyms[UNSCHOOLED].readings("my parcel") == ()


def test_the_longest_phrase_counts(generation):
    (reading,) = generation.synonyms[UNSCHOOLED].readings("the Box  office, please")

    assert reading == Reading("Box  office", ("coupon",))


def test_the_word_that_was_meant_is_marked(speaking):
    (hit,) = speaking.suggest("chargeback", lang=UNSCHOOLED).hits

    assert "<mark>refund</mark>" in hit.snippet


def test_who_types_the_word_of_the_articles_gets_what_they_got_before(speaking, engine):
    assert slugs(speaking, "where is my refund") == slugs(engine, "where is my refund")


def test_a_text_without_synonyms_is_scored_as_before(speaking, engine):
    text = "my coupon for a delivery"

    def found(one: Engine) -> list[tuple[str, float]]:
        return [(hit.slug, hit.score) for hit in one.search(text, lang=UNSCHOOLED).hits]

    assert found(speaking) == found(engine)


def test_a_synonym_is_no_spelling_mistake(speaking):
    assert speaking.corrected("chargeback refunt", lang=UNSCHOOLED) == "chargeback refund"
    assert speaking.corrected("chargeback", lang=UNSCHOOLED) is None


def test_synonyms_of_one_language_say_nothing_in_another(speaking):
    assert speaking.suggest("chargeback", lang="en").hits == ()


def test_a_changed_file_counts_from_the_next_build_on_and_nothing_is_indexed_again(
    source, tmp_path: Path
):
    before = built_generation(source, tmp_path, embedder=HashingEmbedder())
    words = (Synonym(("wampum",), ("coupon",)),)

    changed = replace(source, synonyms={UNSCHOOLED: words})
    built = build(changed, tmp_path, embedder=HashingEmbedder(), now=NOON)
    after = open_generation(live_folder(tmp_path))

    assert (after.id != before.id, built.embedded) == (True, 0)
    assert slugs(Engine(after), "wampum") == ["coupon"]
    assert slugs(Engine(after), "chargeback") == []
    assert slugs(Engine(before), "chargeback") == ["refund"]


def test_the_same_synonyms_make_no_new_generation(source, tmp_path: Path):
    first = build(source, tmp_path, embedder=None, now=NOON)
    second = build(source, tmp_path, embedder=None, now=NOON)

    assert second.generation == first.generation


@pytest.mark.parametrize("content", ["", "[]", '{"groups": [["a"]]}', '{"groups": 1, "forms": {}}'])
def test_a_damaged_file_makes_the_generation_unusable(source, tmp_path: Path, content):
    generation = built_generation(source, tmp_path, embedder=None)
    (generation.folder / "synonyms" / f"{UNSCHOOLED}.json").write_text(content)

    with pytest.raises(IndexMissing):
        open_generation(generation.folder)


def test_a_generation_from_before_there_were_synonyms_has_none(source, tmp_path: Path):
    generation = built_generation(Source(articles=shop_articles()), tmp_path, embedder=None)
    (generation.folder / "synonyms").rmdir()

    opened = open_generation(generation.folder)

    assert opened.synonyms[UNSCHOOLED].readings(" ".join(TOPICS)) == ()


def slovak(articles: Sequence[tuple[str, str]]) -> Source:
    words = (Synonym(("doručovateľ", "posol"), ("kuriér",)),)
    return Source(
        articles=[an_article(name, lang="sk", title=title) for name, title in articles],
        synonyms={"sk": words},
    )


def test_inflected_words_that_no_article_has_match_too(tmp_path: Path):
    source = slovak([("a/kurier", "Ako zavolať kuriérovi"), ("a/heslo", "Zmena hesla")])
    generation = built_generation(source, tmp_path, embedder=None)
    table = generation.synonyms["sk"]

    for text in ("doručovateľom", "dorucovatelovi", "posla"):
        assert [one.others for one in table.readings(text)] == [("kuriér",)], text
    assert json.loads((generation.folder / "synonyms" / "sk.json").read_text())["forms"]
