"""Retrieval data sets in the BEIR layout.

Source of the layout: Thakur et al., BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of
Information Retrieval Models, NeurIPS 2021.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from kbportal.kernel.errors import PortalError


class DatasetUnusable(PortalError):
    """A file of the data set is missing or not in the layout; the message says which and where."""

    code: ClassVar[str] = "dataset_unusable"


@dataclass(frozen=True, slots=True)
class Query:
    id: str
    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A corpus, its queries, and which documents are right for each.

    Attributes:
        relevant: Query id → document id → grade, grades above 0 only.
    """

    name: str
    documents: Sequence[Mapping[str, Any]]
    queries: Sequence[Query]
    relevant: Mapping[str, Mapping[str, int]]
    unanswerable: Sequence[Query] = ()
    learned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_dataset(folder: Path, *, learn: Path | None = None) -> Dataset:
    """Read a data set; queries without a judged document are left out.

    Raises:
        DatasetUnusable: naming the file and line.
    """
    relevant = _read_qrels(folder / "qrels" / "test.tsv")
    unanswerable = folder / "noanswer.jsonl"
    learned: dict[str, tuple[str, ...]] = {}
    for record in _read_jsonl(learn, "text", "corpus_id") if learn else ():
        learned[record["corpus_id"]] = (*learned.get(record["corpus_id"], ()), record["text"])
    return Dataset(
        name=folder.name,
        documents=list(_read_jsonl(folder / "corpus.jsonl", "_id", "text")),
        queries=[q for q in _read_queries(folder / "queries.jsonl") if q.id in relevant],
        relevant=relevant,
        unanswerable=list(_read_queries(unanswerable)) if unanswerable.exists() else (),
        learned=learned,
    )


def _read_queries(path: Path) -> Iterator[Query]:
    for record in _read_jsonl(path, "_id", "text"):
        yield Query(record["_id"], record["text"], (record.get("metadata") or {}).get("lang", ""))


def _read_jsonl(path: Path, *required: str) -> Iterator[dict[str, Any]]:
    for number, line in _lines(path):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise DatasetUnusable(f"{path}, line {number}: not JSON ({error})") from error
        missing = [k for k in required if not isinstance(record, dict) or k not in record]
        if missing:
            raise DatasetUnusable(f"{path}, line {number}: no {', '.join(missing)}")
        odd = [key for key in required if not isinstance(record[key], str)]
        if odd or not isinstance(record.get("metadata") or {}, dict):
            raise DatasetUnusable(
                f"{path}, line {number}: {', '.join(odd) or 'metadata'} is of the wrong type"
            )
        yield record


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        parts = line.rstrip("\n").split("\t")
        if number == 1 or not line.strip():
            continue
        try:
            query, document, grade = parts[0], parts[1], int(parts[2])
        except (IndexError, ValueError) as error:
            raise DatasetUnusable(
                f"{path}, line {number}: expected query-id, corpus-id and score, tab-separated"
            ) from error
        if grade > 0:
            relevant.setdefault(query, {})[document] = grade
    return relevant


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from enumerate(file, start=1)
    except FileNotFoundError as error:
        raise DatasetUnusable(f"{path} is missing") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetUnusable(f"{path} cannot be read: {error}") from error
