from __future__ import annotations

import re
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.embedding.ports import ModelUnusable
from kbportal.search.build.builder import Source
from kbportal.search.index.generation import Generation
from kbportal.search.query.engine import Engine, Mode, Results
from kbportal.search.text.analysis import MAX_CHARACTERS
from tests.bricks.search.conftest import built_generation
from tests.builders import TOPICS, UNSCHOOLED, shop_articles

HOSTILE = [
    "", " ", "\0", "\udcff" * 10, "\u202e\u2066password", "x" * 100_000, "password " * 20_000,
    '"' * 1000, '""', '" "', "[a TO z]", "title:password OR *", "(" * 500, "a\u0301" * 10_000,
    "🧺" * 600, "%_';--", "<script>alert(1)</script>", "＂password＂", "\ufdfa" * 500,
]  # fmt: skip


class Encoder:
    """Fails in the way that it is told to."""

    def __init__(self, fail: Callable[[], np.ndarray]) -> None:
        self._fail = fail

    def encode(self, text: str) -> np.ndarray:
        return self._fail()

    def tokens(self, text: str) -> int:
        return 0


def raising(error: Exception) -> Callable[[], np.ndarray]:
    def fail() -> np.ndarray:
        raise error

    return fail


def ask(engine: Engine, text: str, **options) -> Results:
    return engine.search(text, lang=UNSCHOOLED, **options)


def slugs(results: Results) -> list[str]:
    return [hit.slug for hit in results.hits]


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("mode", Mode)
def test_an_article_is_found_by_what_it_is_about(engine, topic, mode):
    assert slugs(ask(engine, f"where is my {topic}", mode=mode))[0] == topic


def test_a_typo_is_forgiven(engine):
    assert slugs(ask(engine, "my pasword", mode=Mode.KEYWORD))[0] == "password"


def test_a_hit_says_where_to_read_on(engine):
    hit = ask(engine, "password kept two years").hits[0]

    assert (hit.section, hit.heading) == ("more-on-password", "More on password")
    assert hit.url == f"/{UNSCHOOLED}/articles/password#more-on-password"
    assert hit.snippet == "A <mark>password</mark> is kept for two years."


def test_scores_are_chances(engine):
    assert all(0 <= hit.score <= 1 for hit in ask(engine, "my coupon for a delivery").hits)


def test_scores_fall_from_hit_to_hit(engine):
    scores = [hit.score for hit in ask(engine, "my coupon for a delivery").hits]

    assert scores == sorted(scores, reverse=True)


def test_pages_of_results_follow_each_other(engine):
    whole = slugs(ask(engine, "shop", limit=12))

    assert slugs(ask(engine, "shop", limit=5)) == whole[:5]
    assert slugs(ask(engine, "shop", limit=5, offset=5)) == whole[5:10]
    assert ask(engine, "shop", limit=5).total == len(whole) == len(TOPICS)


def test_past_the_last_page_there_is_nothing(engine):
    assert slugs(ask(engine, "shop", offset=10**9)) == []


@pytest.mark.parametrize("text", ["zebra quux", "qwrtz", "42"])
def test_a_text_that_nothing_answers_is_met_with_silence(engine, text):
    assert engine.suggest(text, lang=UNSCHOOLED).hits == ()


GIBBERISH = ["qwrtz", "xzvbq jjkwq", "ZZXXQQ", "9999", "кириллица", "🧺🧺", "?!?"]


@pytest.mark.parametrize("text", GIBBERISH)
@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.KEYWORD])
def test_a_text_that_means_nothing_finds_nothing(engine, text, mode):
    results = ask(engine, text, mode=mode)

    assert (results.hits, results.total) == ((), 0)


@pytest.mark.parametrize("text", ["passw", "pasword", "my qwrtz password", "delivries"])
def test_what_is_spelt_much_like_a_word_means_something(engine, text):
    results = ask(engine, text)

    assert results.total >= len(results.hits) >= 1


@pytest.mark.parametrize("text", ["", "  ", "pa", " p\u202ea "])
def test_the_first_two_letters_are_met_with_silence(engine, text):
    assert engine.suggest(text, lang=UNSCHOOLED).hits == ()


@pytest.mark.parametrize("text", ["where is my passw", "how do I change my password"])
def test_a_small_library_answers_a_plain_question(engine, text):
    assert slugs(engine.suggest(text, lang=UNSCHOOLED))[:1] == ["password"]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_first_articles_of_a_library_are_suggested_already(size, tmp_path):
    source = Source(articles=shop_articles(TOPICS[:size]))
    few = Engine(built_generation(source, tmp_path, embedder=None))

    assert slugs(few.suggest("where is my password", lang=UNSCHOOLED)) == ["password"]
    assert few.suggest("how long do potatoes boil", lang=UNSCHOOLED).hits == ()


def test_suggestions_much_weaker_than_the_first_are_left_out(engine):
    assert slugs(engine.suggest("where is my newsletter", lang=UNSCHOOLED)) == ["newsletter"]


def test_no_more_is_suggested_than_asked_for(engine):
    text = "where is my newsletter or my allergy"

    assert len(engine.suggest(text, lang=UNSCHOOLED).hits) == 2
    assert len(engine.suggest(text, lang=UNSCHOOLED, limit=1).hits) == 1


def test_a_quoted_phrase_must_stand_there(engine):
    assert slugs(ask(engine, '"my refund"')) == ["refund"]
    assert slugs(ask(engine, '"refund my"')) == []


def test_every_quoted_phrase_must_stand_there(engine):
    assert slugs(ask(engine, '"my refund" "two years"')) == ["refund"]
    assert slugs(ask(engine, '"my refund" "my parcel"')) == []


def test_a_story_that_quotes_a_message_is_no_search_for_a_phrase(engine):
    assert len(slugs(ask(engine, 'the shop said "my refund"'))) > 1


def test_quotes_of_other_languages_quote_too(engine):
    assert slugs(ask(engine, "„my refund“")) == slugs(ask(engine, "«my refund»")) == ["refund"]


@pytest.mark.parametrize("query", ["xylophone", "zeppelin", '"xylophone plan"', "Zeppelin rules"])
@pytest.mark.parametrize("mode", Mode)
def test_what_is_not_public_is_never_a_hit(engine, query, mode):
    found = {*slugs(ask(engine, query, mode=mode, limit=50)),
             *slugs(engine.suggest(query, lang=UNSCHOOLED, limit=50))}  # fmt: skip

    assert found <= set(TOPICS)


def test_staff_find_drafts_and_their_own_articles(engine):
    found = engine.find_for_staff("xylophone OR zeppelin", lang=UNSCHOOLED)

    assert {card.slug for card in found} == {"plan", "rules"}


def test_a_search_says_what_was_probably_meant(engine):
    assert ask(engine, "my pasword").correction == "my password"
    assert ask(engine, "my password").correction is None


def test_what_only_staff_write_is_no_correction(engine):
    assert engine.corrected("xylophon", lang=UNSCHOOLED) is None


@pytest.mark.parametrize("lang", ["", "xx", "en", "../hr", "\udcff"])
def test_a_language_without_articles_finds_nothing(engine, lang):
    assert engine.search("password", lang=lang).hits == ()
    assert engine.find_for_staff("password", lang=lang) == []
    assert engine.corrected("pasword", lang=lang) is None


def test_another_language_stands_in_and_is_told_apart(shop):
    engine = Engine(shop, fallback_lang=UNSCHOOLED)

    results = engine.suggest("where is my refund", lang="sk")

    assert results.hits == ()
    assert [(hit.slug, hit.lang) for hit in results.fallback] == [("refund", UNSCHOOLED)]


def test_nothing_stands_in_for_an_answer(shop):
    engine = Engine(shop, fallback_lang=UNSCHOOLED)

    assert engine.suggest("where is my refund", lang=UNSCHOOLED).fallback == ()


@pytest.mark.parametrize(
    ("fail", "reason"),
    [
        (raising(RuntimeError("broken")), "encoder_failed"),
        (raising(MemoryError()), "encoder_failed"),
        (raising(ModelUnusable("gone")), "model_unusable"),
    ],
)
def test_an_encoder_that_fails_costs_only_meaning(shop: Generation, fail, reason):
    results = ask(Engine(replace(shop, encoder=Encoder(fail))), "where is my refund")

    assert (results.degraded, slugs(results)[0]) == (reason, "refund")


@pytest.mark.parametrize(
    "vector",
    [
        np.full(256, np.nan),
        np.zeros(7),
        np.zeros(256),
    ],
    ids=["not numbers", "another length", "zero"],
)  # fmt: skip
def test_an_encoder_that_gives_nonsense_costs_only_meaning(shop: Generation, vector):
    encoder = Encoder(lambda: vector.astype(np.float32))

    results = ask(Engine(replace(shop, encoder=encoder)), "where is my refund")

    assert slugs(results)[0] == "refund"


def test_without_an_encoder_meaning_alone_finds_nothing_and_says_why(shop: Generation):
    engine = Engine(replace(shop, encoder=None, degraded="no_model"))

    results = ask(engine, "refund", mode=Mode.SEMANTIC)

    assert (results.hits, results.degraded) == ((), "no_model")


def test_keywords_alone_are_not_degraded_without_an_encoder(shop: Generation):
    engine = Engine(replace(shop, encoder=None, degraded="no_model"))

    assert ask(engine, "refund", mode=Mode.KEYWORD).degraded is None


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("mode", Mode)
def test_a_hostile_text_is_answered_in_every_mode(engine, text, mode):
    found = ask(engine, text, mode=mode)
    suggested = engine.suggest(text, lang=UNSCHOOLED, mode=mode)

    assert found.query == suggested.query
    assert len(found.query) <= MAX_CHARACTERS
    assert found.total >= len(found.hits)


anything = st.text(st.characters(exclude_categories=[])) | st.lists(
    st.sampled_from([*TOPICS, '"', "„", "“", "\udcff", "\0", "\u202e", "*", "TO"])
).map(" ".join)


@given(anything)
@settings(deadline=None)
def test_no_text_raises(engine, text):
    for mode in Mode:
        ask(engine, text, mode=mode)
        engine.suggest(text, lang=UNSCHOOLED, mode=mode)
    engine.corrected(text, lang=UNSCHOOLED)


@given(anything)
@settings(deadline=None)
def test_snippets_hold_no_html_but_marks(engine, text):
    for hit in ask(engine, text).hits:
        assert re.fullmatch(r"(?:[^<>]|</?mark>)*", hit.snippet)


def test_a_query_is_shown_without_what_cannot_be_seen(engine):
    assert ask(engine, "pass\0word \u202e\udcff box").query == "password box"


def test_eight_threads_get_the_answers_of_one(shop: Generation):
    texts = [f'my {topic} "{letter}"' for topic in TOPICS for letter in string.ascii_letters[:8]]
    texts += [f"my {topic[:2]}{topic[1:]} lost" for topic in TOPICS] * 4

    def told(engine: Engine, text: str) -> tuple[object, ...]:
        found, suggested = ask(engine, text), engine.suggest(text, lang=UNSCHOOLED)
        staff = engine.find_for_staff(text, lang=UNSCHOOLED)
        return found.hits, found.total, found.correction, suggested.hits, staff

    alone = [told(Engine(shop), text) for text in texts]
    shared = Engine(shop)

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda text: told(shared, text), texts))

    assert together == alone
