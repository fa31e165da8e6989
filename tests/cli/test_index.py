from __future__ import annotations

import shutil

import pytest

from tests.builders import TOPICS, UNSCHOOLED
from tests.cast import write_library

SHAPE = {"generation", "articles", "passages", "languages", "reused", "embedded", "seconds",
         "problems"}  # fmt: skip


def test_json_says_what_was_built(run, library):
    said = run("index", "--json")

    assert (said.code, said.err) == (0, "")
    assert said.json.keys() >= SHAPE
    assert said.json["articles"] == len(TOPICS)
    assert said.json["languages"] == {UNSCHOOLED: len(TOPICS)}
    assert said.json["problems"] == []


def test_a_sentence_says_it_to_people(run, library):
    said = run("index")

    assert said.out.startswith("12 articles (hr 12), 24 passages: 48 embedded, 0 reused")
    assert said.err == ""


def test_a_second_run_embeds_nothing(run, indexed):
    again = run("index", "--json").json

    assert (again["embedded"], again["reused"]) == (0, again["passages"])


def test_other_folders_may_be_named(run, library, home):
    shutil.move(library, home / "help")

    assert run("index", "--articles", "help", "--indexes", "built").code == 0
    assert (home / "built" / "current").exists()
    assert not (home / "indexes").exists()


def test_a_missing_articles_folder_is_one_clear_line(run, home):
    said = run("index")

    assert (said.code, said.out) == (1, "")
    assert said.complaint == f"kbportal: There is no folder {home / 'articles'} with articles."


def test_a_file_where_the_index_should_go_is_one_clear_line(run, library, home):
    (home / "indexes").write_text("not a folder")

    said = run("index")

    assert said.code == 1
    assert said.complaint.startswith("kbportal: ")
    assert "indexes" in said.complaint


BAD = {
    "broken YAML": ("bad.md", b"---\ntitle: [never closed\n---\nText.\n"),
    "Latin-1": ("bad.md", b"---\ntitle: Bad\n---\n\ncaf\xe9\n"),
    "5 MB": ("bad.md", b"---\ntitle: Bad\n---\n" + b"word " * 1_000_000),
    "same slug": ("zzz/password.md", b"---\ntitle: Again\n---\nText.\n"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_article_is_reported_and_the_others_are_built(run, library, kind):
    name, content = BAD[kind]
    file = library / UNSCHOOLED / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)

    said = run("index", "--json")

    assert (said.code, said.err) == (0, "")
    assert said.json["articles"] == len(TOPICS)
    (problem,) = said.json["problems"]
    assert (problem["file"], problem["severity"]) == (f"{UNSCHOOLED}/{name}", "error")
    assert problem["line"] >= 1
    assert problem["message"]
    assert run("search", "my refund", "--json").json["hits"][0]["slug"] == "refund"


def test_a_problem_says_file_and_line_to_people(run, library):
    (library / UNSCHOOLED / "bad.md").write_bytes(b"---\ntitle: Bad\n---\ncaf\xe9\n")

    assert "  error: hr/bad.md:4: not UTF-8 (byte 0xe9): save it as UTF-8" in run("index").out


def test_an_empty_library_is_no_failure(run, home):
    write_library(home / "articles", {"hr/.keep": ""})

    assert run("index", "--json").json["articles"] == 0


def test_without_its_model_the_index_goes_by_keywords_and_says_so(run, library, monkeypatch):
    monkeypatch.setenv("KBPORTAL_MODEL", "/nowhere")

    said = run("index", "--json")

    assert (said.code, said.json["embedded"]) == (0, 0)
    assert "/nowhere" in said.complaint
    assert said.complaint.endswith("Search goes by keywords alone.")


def test_without_its_model_the_search_says_that_it_is_degraded(run, library, monkeypatch):
    monkeypatch.setenv("KBPORTAL_MODEL", "/nowhere")
    run("index")

    found = run("search", "my refund", "--json").json

    assert found["degraded"]
    assert found["hits"][0]["slug"] == "refund"


def test_a_database_that_is_no_database_costs_only_what_tickets_teach(run, library, home):
    (home / "instance").mkdir()
    (home / "instance" / "kbportal.sqlite").write_bytes(b"garbage" * 500)

    said = run("index", "--json")

    assert (said.code, said.json["articles"]) == (0, len(TOPICS))
    assert "Nothing is learnt from tickets" in said.complaint
