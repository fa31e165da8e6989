"""Retrieval data sets in the BEIR layout, run through the engine that serves customers.

Source of the layout: Thakur et al., BEIR, 2021. nDCG with gains 2^rel - 1 and a logarithmic
discount: Järvelin & Kekäläinen, 2002; Burges et al., 2005.
"""

from __future__ import annotations

import hashlib
import json
import math
import resource
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from kbportal.articles.model import Article
from kbportal.embedding.ports import Embedder
from kbportal.kernel.errors import PortalError
from kbportal.markup.model import Rendered, Section
from kbportal.search.builder import Progress, Source, build
from kbportal.search.chunking import passages
from kbportal.search.engine import Engine, Mode
from kbportal.search.generation import live_folder, open_generation
from kbportal.search.pages import Page
from kbportal.search.perturb import perturbed

DEPTH = 10
SHOWN = 3


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


@dataclass(frozen=True, slots=True)
class Options:
    """How a data set is run; see `kbportal evaluate --help`."""

    lang: str = ""
    mode: Mode = Mode.HYBRID
    perturb: str = ""
    seed: int = 0
    limit_queries: int = 0


def evaluate(
    dataset: Dataset,
    indexes: Path,
    *,
    embedder: Embedder | None,
    now: datetime,
    options: Options = Options(),
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Index the corpus as the portal does, ask every query, and measure.

    Args:
        indexes: An empty folder, or one of an earlier run, whose vectors are then reused.

    Returns:
        The JSON document that `docs/quality.md` explains.
    """
    started = time.monotonic()
    pages = [_page(document, dataset, options.lang) for document in dataset.documents]
    build(Source(pages=pages), indexes, embedder=embedder, now=now, progress=progress)
    index_seconds = time.monotonic() - started
    engine = Engine(open_generation(live_folder(indexes)))
    languages = Counter(page.article.lang for page in pages)
    run = _Run(engine, options, languages.most_common(1)[0][0] if languages else "en", languages)
    queries = dataset.queries[: options.limit_queries or None]
    rankings, times = run.search(queries, progress)
    figures = _figures(queries, rankings, dataset.relevant)
    report: dict[str, Any] = {
        "dataset": dataset.name,
        "lang": run.lang,
        "mode": options.mode.value,
        "queries": len(queries),
        "docs": len(pages),
        **figures,
        "p50_ms": _percentile(times, 0.50),
        "p95_ms": _percentile(times, 0.95),
        "index_seconds": round(index_seconds, 1),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if dataset.unanswerable:
        report["abstention"] = run.abstention(queries, dataset, progress)
    return report


@dataclass(frozen=True, slots=True)
class _Run:
    engine: Engine
    options: Options
    lang: str
    languages: Mapping[str, int]

    def search(
        self, queries: Sequence[Query], progress: Progress
    ) -> tuple[list[list[str]], list[float]]:
        """Document ids per query, best first, and the milliseconds that each took."""
        rankings: list[list[str]] = []
        times: list[float] = []
        for done, query in enumerate(queries, start=1):
            results = self.engine.search(
                self._text(query), lang=self._lang(query), limit=DEPTH, mode=self.options.mode
            )
            rankings.append([_document_id(hit.article_id) for hit in results.hits])
            times.append(results.took_ms)
            progress("search", done, len(queries))
        return rankings, times

    def abstention(
        self, queries: Sequence[Query], dataset: Dataset, progress: Progress
    ) -> dict[str, float]:
        """Right among three for answerable texts, silence for the others, by suggest's rules."""
        right = sum(
            bool(self._suggested(query) & set(dataset.relevant[query.id])) for query in queries
        )
        silent = sum(not self._suggested(query) for query in dataset.unanswerable)
        progress("suggest", 1, 1)
        return {
            "answered_recall@3": round(right / max(len(queries), 1), 4),
            "noanswer_silence": round(silent / len(dataset.unanswerable), 4),
        }

    def _suggested(self, query: Query) -> set[str]:
        results = self.engine.suggest(
            self._text(query), lang=self._lang(query), limit=SHOWN, mode=self.options.mode
        )
        return {_document_id(hit.article_id) for hit in results.hits}

    def _text(self, query: Query) -> str:
        return perturbed(query.text, self.options.perturb, seed=f"{self.options.seed}:{query.id}")

    def _lang(self, query: Query) -> str:
        return query.lang if query.lang in self.languages else self.lang


def ndcg(ranking: Sequence[str], relevant: Mapping[str, int], *, depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain of one ranking."""
    gains = [2 ** relevant.get(document, 0) - 1 for document in ranking[:depth]]
    ideal = sorted((2**grade - 1 for grade in relevant.values()), reverse=True)[:depth]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _figures(
    queries: Sequence[Query],
    rankings: Sequence[Sequence[str]],
    relevant: Mapping[str, Mapping[str, int]],
) -> dict[str, float]:
    pairs = [(ranking, relevant[q.id]) for q, ranking in zip(queries, rankings, strict=True)]
    return {
        "ndcg@10": _mean([ndcg(ranking, right) for ranking, right in pairs]),
        **{f"recall@{n}": _mean([_recall(r, right, n) for r, right in pairs]) for n in (1, 3, 10)},
        "mrr@10": _mean([_reciprocal_rank(ranking, right) for ranking, right in pairs]),
    }


def _recall(ranking: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    return len(set(ranking[:depth]) & set(relevant)) / len(relevant)


def _reciprocal_rank(ranking: Sequence[str], relevant: Mapping[str, int]) -> float:
    ranks = (rank for rank, document in enumerate(ranking[:DEPTH], start=1) if document in relevant)
    return 1 / next(ranks, math.inf)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _percentile(values: Sequence[float], share: float) -> float:
    if not values:
        return 0.0
    return round(sorted(values)[min(len(values) - 1, int(share * len(values)))], 2)


def _page(document: Mapping[str, Any], dataset: Dataset, lang: str) -> Page:
    """A document as the portal would see it: plain text in one section per line break pair."""
    text = str(document["text"])
    lang = lang or (document.get("metadata") or {}).get("lang") or "en"
    identity = str(document["_id"])
    article = Article(
        id=f"{lang}/{identity}",
        key=identity,
        lang=lang,
        category="general",
        slug=hashlib.sha256(identity.encode()).hexdigest()[:24],
        title=str(document.get("title") or ""),
        body=text,
        path=f"{lang}/{identity}.md",
        fingerprint=hashlib.sha256(f"{document.get('title')}\0{text}".encode()).hexdigest(),
    )
    section = Section(anchor="", title="", html="", text=text)
    return Page(
        article, Rendered(""), tuple(passages([section])), dataset.learned.get(identity, ())
    )


def _document_id(article_id: str) -> str:
    return article_id.partition("/")[2]


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
