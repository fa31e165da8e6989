"""Running a retrieval data set through the very engine that serves customers."""

from __future__ import annotations

import hashlib
import resource
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kbportal.articles.model import Article
from kbportal.embedding.ports import Embedder
from kbportal.markup.model import Rendered, Section
from kbportal.search.build.builder import Progress, Source, build
from kbportal.search.evaluation.dataset import Dataset, Query
from kbportal.search.evaluation.measures import DEPTH, figures, percentile
from kbportal.search.evaluation.perturb import check_perturbation, perturbed
from kbportal.search.index.generation import live_folder, open_generation
from kbportal.search.index.pages import Page
from kbportal.search.query.engine import Engine, Mode
from kbportal.search.text.chunking import passages

SHOWN = 3


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
    check_perturbation(options.perturb)
    started = time.monotonic()
    pages = [_page(document, dataset, options.lang) for document in dataset.documents]
    build(Source(pages=pages), indexes, embedder=embedder, now=now, progress=progress)
    index_seconds = time.monotonic() - started
    engine = Engine(open_generation(live_folder(indexes)))
    languages = Counter(page.article.lang for page in pages)
    run = _Run(engine, options, languages.most_common(1)[0][0] if languages else "en", languages)
    queries = dataset.queries[: options.limit_queries or None]
    rankings, times = run.search(queries, progress)
    pairs = [(r, dataset.relevant[q.id]) for q, r in zip(queries, rankings, strict=True)]
    report: dict[str, Any] = {
        "dataset": dataset.name,
        "lang": run.lang,
        "mode": options.mode.value,
        "queries": len(queries),
        "docs": len(pages),
        **figures(pairs),
        "p50_ms": percentile(times, 0.50),
        "p95_ms": percentile(times, 0.95),
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


def _page(document: Mapping[str, Any], dataset: Dataset, lang: str) -> Page:
    """A document as the portal would see it: plain text in one section."""
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
