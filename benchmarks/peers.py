"""Keyword search beside other engines: same articles, same texts, same number of results.

Every peer gets the folded words of an article and of a query, joined by spaces, and finds the
best articles that have any of the words, by its own BM25. Ours is timed twice: `words`, the one
BM25 signal that is the same task, and `suggest`, all that the portal does by keywords for an
answer (five signals, 4-grams among them; calibrated fusion; abstention; the sentence to show).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import STORED, TEXT, Schema
from whoosh.query import Or, Term

from benchmarks.timing import timed
from kbportal.kernel.text import fold
from kbportal.search.index.generation import Generation, live_folder, open_generation
from kbportal.search.query.engine import Engine, Mode
from kbportal.search.text.analysis import within_limits, words

RESULTS = 3
_WARM_UP = 20
_HEAP_BYTES = 128_000_000

Search = Callable[[str], object]
"""A query as folded words joined by spaces → the best articles."""

NEEDS_EXTRA = "left out: pip install 'kbportal[bench]'"


def measure(
    indexes: Path, asked: Sequence[str], lang: str, scratch: Path, *, names: Sequence[str]
) -> dict[str, Any]:
    """Times of ours and of each peer, and how many times as long ours takes."""
    generation = open_generation(live_folder(indexes))
    texts = [_folded(text) for text in asked]
    figures: dict[str, Any] = {}
    figures["ours, words alone"] = _timed(_words_alone(generation, lang), texts)
    figures["ours, suggest by keywords"] = _timed(_suggest(generation, lang), asked)
    documents = list(_documents(generation, lang))
    for name in names:
        try:
            search = PEERS[name](documents, scratch / f"peer-{name}")
        except ImportError:
            figures[name] = NEEDS_EXTRA
        else:
            figures[name] = _timed(search, texts)
    _add_ratios(figures)
    return figures


def _add_ratios(figures: dict[str, Any]) -> None:
    """Medians of ours over the peer's: above 1, ours is slower."""
    alone, whole = figures["ours, words alone"], figures["ours, suggest by keywords"]
    for row in figures.values():
        if isinstance(row, dict):
            row["words_ratio"] = round(alone["p50_ms"] / max(row["p50_ms"], 1e-6), 2)
            row["suggest_ratio"] = round(whole["p50_ms"] / max(row["p50_ms"], 1e-6), 2)


def _timed(search: Search, texts: Sequence[str]) -> dict[str, float]:
    for text in texts[:_WARM_UP]:
        search(text)
    return timed(search, texts)


def _documents(generation: Generation, lang: str) -> Iterable[str]:
    """Title and text of every article, in the order of rows."""
    for article_id in generation.languages[lang].articles:
        card = generation.shelf.card(article_id)
        passages = generation.shelf.passages_of(article_id)
        yield _folded(" ".join([card.title if card else "", *(p.text for p in passages)]))


def _folded(text: str) -> str:
    return " ".join(words(fold(text)))


def _words_alone(generation: Generation, lang: str) -> Search:
    own = generation.languages[lang]

    def search(text: str) -> object:
        scores = own.words.score(own.analyser.terms(within_limits(text)))
        most = min(RESULTS, len(scores))
        best = np.argpartition(scores, -most)[-most:]
        return best[np.argsort(-scores[best])]

    return search


def _suggest(generation: Generation, lang: str) -> Search:
    engine = Engine(generation)
    return lambda text: engine.suggest(text, lang=lang, limit=RESULTS, mode=Mode.KEYWORD)


def _bm25s(documents: Sequence[str], folder: Path) -> Search:
    import bm25s

    retriever = bm25s.BM25()
    retriever.index([document.split() for document in documents], show_progress=False)

    def search(text: str) -> object:
        return retriever.retrieve([within_limits(text).split()], k=RESULTS, show_progress=False)

    return search


def _tantivy(documents: Sequence[str], folder: Path) -> Search:
    import tantivy

    folder.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace")
    schema = builder.build()
    built = tantivy.Index(schema, path=str(folder))
    writer = built.writer(heap_size=_HEAP_BYTES, num_threads=1)
    for document in documents:
        writer.add_document(tantivy.Document(text=document))
    writer.commit()
    writer.wait_merging_threads()
    built.reload()
    searcher = built.searcher()
    should = tantivy.Occur.Should

    def search(text: str) -> object:
        terms = dict.fromkeys(within_limits(text).split())
        either = [(should, tantivy.Query.term_query(schema, "text", term)) for term in terms]
        return searcher.search(tantivy.Query.boolean_query(either), limit=RESULTS).hits

    return search


def _fts5(documents: Sequence[str], folder: Path) -> Search:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE documents USING fts5(text)")
    database.executemany("INSERT INTO documents VALUES (?)", ((text,) for text in documents))
    query = "SELECT rowid FROM documents WHERE documents MATCH ? ORDER BY rank LIMIT ?"

    def search(text: str) -> object:
        either = " OR ".join(f'"{term}"' for term in within_limits(text).split()) or '""'
        return database.execute(query, (either, RESULTS)).fetchall()

    return search


def _whoosh(documents: Sequence[str], folder: Path) -> Search:
    folder.mkdir()
    schema = Schema(row=STORED, text=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False))
    writer = index.create_in(str(folder), schema).writer(limitmb=256)
    for row, text in enumerate(documents):
        writer.add_document(row=row, text=text)
    writer.commit()
    searcher = index.open_dir(str(folder)).searcher()

    def search(text: str) -> object:
        either = Or([Term("text", term) for term in dict.fromkeys(within_limits(text).split())])
        return [hit["row"] for hit in searcher.search(either, limit=RESULTS)]

    return search


PEERS: Mapping[str, Callable[[Sequence[str], Path], Search]] = {
    "bm25s": _bm25s,
    "tantivy": _tantivy,
    "fts5": _fts5,
    "whoosh": _whoosh,
}
