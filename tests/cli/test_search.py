from __future__ import annotations

import shutil

import pytest

from tests.builders import UNSCHOOLED

SHAPE = ["query", "lang", "mode", "degraded", "took_ms", "hits"]
HIT = ["id", "slug", "title", "lang", "url", "section", "snippet", "score"]


@pytest.mark.parametrize("command", ["search", "suggest"])
def test_json_has_the_promised_shape(run, indexed, command):
    said = run(command, "where is my refund", "--lang", UNSCHOOLED, "--json")

    assert (said.code, said.err) == (0, "")
    assert list(said.json) == SHAPE
    assert [list(hit) for hit in said.json["hits"]] == [HIT] * len(said.json["hits"])
    assert (said.json["mode"], said.json["degraded"]) == ("hybrid", None)


def test_a_hit_names_its_article(run, indexed):
    hit = run("search", "where is my refund", "--json").json["hits"][0]

    assert (hit["id"], hit["slug"], hit["lang"]) == ("hr/general/refund", "refund", "hr")
    assert hit["url"].split("#")[0] == "/hr/articles/refund"


def test_people_see_titles_and_no_markup(run, indexed):
    said = run("search", "where is my refund", "--limit", "1")

    assert "Your refund  /hr/articles/refund" in said.out
    assert "<mark>" not in said.out


def test_people_see_characters_as_they_are(run, library):
    (library / "hr/general/fish.md").write_text("---\ntitle: Fish\n---\nFish & chips <now>.\n")
    run("index")

    assert "Fish & chips <now>." in run("search", "fish chips").out


def test_a_text_that_nothing_answers_suggests_nothing(run, indexed):
    said = run("suggest", "qwrtz", "--json")

    assert (said.code, said.json["hits"]) == (0, [])
    assert run("suggest", "qwrtz").out == "Nothing good enough.\n"


def test_no_more_hits_than_the_limit(run, indexed):
    assert len(run("search", "shop", "--limit", "4", "--json").json["hits"]) == 4


@pytest.mark.parametrize("mode", ["hybrid", "keyword", "semantic"])
def test_each_mode_finds_and_is_told(run, indexed, mode):
    found = run("search", "where is my refund", "--mode", mode, "--json").json

    assert (found["mode"], found["hits"][0]["slug"]) == (mode, "refund")


@pytest.mark.parametrize("lang", ["sk", "xx", ""])
def test_a_language_without_articles_has_no_hits_or_is_the_default(run, indexed, lang):
    assert run("search", "refund", "--lang", lang, "--json").code == 0


@pytest.mark.parametrize(
    "options", [["--mode", "magic"], ["--limit", "0"], ["--limit", "x"], ["a", "b"]]
)
def test_wrong_usage_exits_2(run, indexed, options):
    said = run("search", "refund", *options)

    assert (said.code, said.out) == (2, "")


def test_without_a_query_it_is_wrong_usage(run):
    assert run("search").code == 2


@pytest.mark.parametrize("command", ["search", "suggest"])
def test_without_an_index_one_line_says_what_to_run(run, home, command):
    said = run(command, "refund", "--json")

    assert (said.code, said.out) == (1, "")
    assert said.complaint.endswith("Run: kbportal index")


def test_a_deleted_index_is_one_clear_line_and_can_be_built_again(run, indexed, home):
    shutil.rmtree(home / "indexes")

    assert run("search", "refund").complaint.endswith("Run: kbportal index")
    run("index")
    assert run("search", "refund").code == 0


def test_a_deleted_generation_is_one_clear_line(run, indexed, home):
    for folder in (home / "indexes").iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)

    said = run("search", "refund")

    assert said.code == 1
    assert said.complaint.endswith("Run: kbportal index")


@pytest.mark.parametrize("query", ["", " ", "\0", "\udcff", '"', "x" * 100_000, "[a TO z]"])
@pytest.mark.parametrize("command", ["search", "suggest"])
def test_any_text_may_be_asked(run, indexed, command, query):
    said = run(command, query, "--json")

    assert (said.code, said.err) == (0, "")
    assert isinstance(said.json["hits"], list)
