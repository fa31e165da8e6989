from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from kbportal.embedding.hashing import HashingEmbedder
from kbportal.search.evaluation.dataset import DatasetUnusable, read_dataset
from kbportal.search.evaluation.evaluate import Options, evaluate
from kbportal.search.evaluation.measures import ndcg
from kbportal.search.query.engine import Mode
from tests.builders import NOON, TOPICS, UNSCHOOLED, write_dataset

FIGURES = {"dataset", "lang", "mode", "queries", "docs", "ndcg@10", "recall@1", "recall@3",
           "recall@10", "mrr@10", "p50_ms", "p95_ms", "index_seconds", "peak_rss_mb"}  # fmt: skip


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return write_dataset(tmp_path / "shop")


def figures(folder: Path, **options: Any) -> dict[str, Any]:
    learn, indexes = options.pop("learn", None), options.pop("indexes", "indexes")
    return evaluate(
        read_dataset(folder, learn=learn), folder.parent / indexes,
        embedder=HashingEmbedder(), now=NOON, options=Options(**options),
    )  # fmt: skip


def test_ndcg_by_hand():
    relevant = {"a": 2, "b": 1, "never found": 1}

    gained = 1 / math.log2(2) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)

    assert ndcg(["b", "x", "a"], relevant) == pytest.approx(gained / ideal)


@pytest.mark.parametrize(
    ("ranking", "value"),
    [(["a", "b"], 1), (["x", "a"], 1 / math.log2(3)), ([], 0), (["x"] * 10 + ["a"], 0)],
)
def test_ndcg_falls_with_the_rank_of_the_answer(ranking, value):
    assert ndcg(ranking, {"a": 1}) == pytest.approx(value)


def test_every_figure_is_there(dataset):
    assert figures(dataset).keys() == FIGURES


def test_a_set_that_is_answered_well_scores_1(dataset):
    found = figures(dataset)

    assert (found["dataset"], found["lang"], found["mode"]) == ("shop", UNSCHOOLED, "hybrid")
    assert (found["queries"], found["docs"]) == (len(TOPICS), len(TOPICS))
    assert found["ndcg@10"] == found["recall@1"] == found["recall@10"] == found["mrr@10"] == 1


def test_queries_that_nothing_answers_are_counted_when_met_with_silence(dataset):
    lines = [{"_id": f"n{n}", "text": text} for n, text in enumerate(["42", "qwrtz"])]
    (dataset / "noanswer.jsonl").write_text("\n".join(map(json.dumps, lines)))

    found = figures(dataset)

    assert found.keys() == FIGURES | {"abstention"}
    assert found["abstention"].keys() == {"answered_recall@3", "noanswer_silence"}
    assert found["abstention"]["noanswer_silence"] == 1


@pytest.fixture
def lesson(dataset: Path) -> Path:
    """A resolved ticket, and one query that only it can answer."""
    (dataset / "queries.jsonl").write_text('{"_id": "q-refund", "text": "doohickey vexes"}')
    (dataset / "learn.jsonl").write_text('{"text": "doohickey vexes", "corpus_id": "d-refund"}')
    return dataset / "learn.jsonl"


def test_resolved_tickets_are_learnt_when_asked_for(dataset, lesson):
    assert figures(dataset)["recall@1"] == 0
    assert figures(dataset, learn=lesson, indexes="learnt")["recall@1"] == 1


def test_resolved_tickets_are_learnt_over_an_index_kept_from_an_earlier_run(dataset, lesson):
    figures(dataset)

    assert figures(dataset, learn=lesson)["recall@1"] == 1


def test_a_language_given_is_that_of_everything(dataset):
    assert figures(dataset, lang="sq")["lang"] == "sq"


def test_no_more_queries_are_asked_than_wanted(dataset):
    assert figures(dataset, limit_queries=3)["queries"] == 3


@pytest.mark.parametrize("how", ["nodiacritics", "typo", "prefix:90"])
def test_damaged_queries_are_measured(dataset, how):
    assert figures(dataset, perturb=how, mode=Mode.KEYWORD)["ndcg@10"] > 0.5


def test_the_same_seed_gives_the_same_figures(dataset):
    one, two = (figures(dataset, perturb="typo", seed=4)["ndcg@10"] for _ in range(2))

    assert one == two


def test_an_index_kept_from_an_earlier_run_is_used_again(dataset):
    figures(dataset)
    (before,) = {p.name for p in (dataset.parent / "indexes").iterdir() if p.is_dir()}

    figures(dataset, perturb="typo")

    assert {p.name for p in (dataset.parent / "indexes").iterdir() if p.is_dir()} == {before}


def test_queries_without_a_judgment_are_not_asked(dataset):
    (dataset / "qrels" / "test.tsv").write_text("q\tc\ts\nq-refund\td-refund\t1\nq-box\td-x\t0\n")

    assert figures(dataset)["queries"] == 1


def test_a_set_without_documents_scores_0(dataset):
    (dataset / "corpus.jsonl").write_text("")

    assert figures(dataset)["ndcg@10"] == 0


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(dataset, file):
    (dataset / file).unlink()

    with pytest.raises(DatasetUnusable, match=rf"{file} is missing"):
        read_dataset(dataset)


@pytest.mark.parametrize(
    "line",
    [
        "not json", "[]", '"text"', '{"_id": "1"}', '{"text": "x"}',
        '{"_id": "q-refund", "text": null}',
        '{"_id": "q-refund", "text": "x", "metadata": "sk"}',
    ],
)  # fmt: skip
def test_a_line_that_is_no_query_is_named(dataset, line):
    (dataset / "queries.jsonl").write_text(f"\n{line}\n")

    with pytest.raises(DatasetUnusable, match="line 2"):
        figures(dataset)


@pytest.mark.parametrize("line", ["q-refund", "q-refund\td-refund", "q\td\tgood", "a b 1"])
def test_a_line_that_is_no_judgment_is_named(dataset, line):
    (dataset / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{line}\n")

    with pytest.raises(DatasetUnusable, match="line 2: expected"):
        read_dataset(dataset)


def test_a_file_that_is_not_utf_8_is_named(dataset):
    (dataset / "queries.jsonl").write_bytes(b'{"_id": "1", "text": "\xe9"}')

    with pytest.raises(DatasetUnusable, match="cannot be read"):
        read_dataset(dataset)
