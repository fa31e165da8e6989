from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import TOPICS, write_dataset

SHAPE = ["dataset", "lang", "mode", "queries", "docs", "ndcg@10", "recall@1", "recall@3",
         "recall@10", "mrr@10", "p50_ms", "p95_ms", "index_seconds", "peak_rss_mb"]  # fmt: skip


@pytest.fixture
def dataset(home: Path) -> Path:
    return write_dataset(home / "shop")


def test_json_has_the_promised_shape(run, dataset):
    said = run("evaluate", "shop", "--json")

    assert (said.code, said.err) == (0, "")
    assert list(said.json) == SHAPE
    assert (said.json["dataset"], said.json["docs"]) == ("shop", len(TOPICS))


def test_unanswerable_queries_add_abstention(run, dataset):
    (dataset / "noanswer.jsonl").write_text(json.dumps({"_id": "n", "text": "zebra quux"}))

    figures = run("evaluate", "shop", "--json").json

    assert list(figures["abstention"]) == ["answered_recall@3", "noanswer_silence"]


def test_people_read_one_figure_per_line(run, dataset):
    said = run("evaluate", "shop", "--limit-queries", "2")

    assert [line.split()[0] for line in said.out.splitlines()] == SHAPE


@pytest.mark.parametrize(
    "options",
    [["--mode", "keyword"], ["--perturb", "nodiacritics"], ["--perturb", "typo", "--seed", "3"],
     ["--perturb", "prefix:60"], ["--lang", "sq"], ["--indexes", "kept"]],
    ids=" ".join,
)  # fmt: skip
def test_every_option_gives_figures(run, dataset, options):
    said = run("evaluate", "shop", *options, "--json")

    assert (said.code, list(said.json)) == (0, SHAPE)


def test_tickets_to_learn_from_are_taken_in(run, dataset):
    (dataset / "learn.jsonl").write_text('{"text": "a doohickey", "corpus_id": "d-refund"}')

    assert run("evaluate", "shop", "--learn", "shop/learn.jsonl", "--json").code == 0


@pytest.mark.parametrize("file", ["qrels/test.tsv", "corpus.jsonl", "queries.jsonl"])
def test_an_incomplete_set_is_one_clear_line(run, dataset, file):
    (dataset / file).unlink()

    said = run("evaluate", "shop", "--json")

    assert (said.code, said.out) == (1, "")
    assert said.complaint == f"kbportal: shop/{file} is missing"


@pytest.mark.parametrize("name", ["nowhere", "shop/corpus.jsonl", "shop/queries.jsonl/x"])
def test_what_is_no_set_is_one_clear_line(run, dataset, name):
    said = run("evaluate", name, "--json")

    assert (said.code, said.out) == (1, "")
    assert said.complaint.startswith(f"kbportal: {name}")


def test_a_missing_file_to_learn_from_is_one_clear_line(run, dataset):
    assert "gone.jsonl is missing" in run("evaluate", "shop", "--learn", "gone.jsonl").complaint


def test_a_line_that_is_not_json_is_named(run, dataset):
    (dataset / "corpus.jsonl").write_text("{\n")

    assert "corpus.jsonl, line 1: not JSON" in run("evaluate", "shop").complaint


def test_an_unknown_damage_is_one_clear_line(run, dataset):
    said = run("evaluate", "shop", "--perturb", "upside-down")

    assert said.code in (1, 2)
    assert "say nodiacritics, typo or prefix" in said.complaint


def test_a_missing_model_is_one_clear_line(run, dataset, monkeypatch):
    monkeypatch.setenv("KBPORTAL_MODEL", "/nowhere")

    said = run("evaluate", "shop", "--json")

    assert said.code == 1
    assert "/nowhere" in said.complaint
