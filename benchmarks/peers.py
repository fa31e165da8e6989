"""The same texts against the same passages in SQLite FTS5 and plain Whoosh: ten best by BM25."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import STORED, TEXT, Schema
from whoosh.query import Or, Term

from benchmarks.timing import summary
from kbportal.search.analysis import within_limits, words
from kbportal.search.generation import live_folder, open_generation

_BEST = 10
_MOST = 150


def measure(indexes: Path, typed: Sequence[str], lang: str, scratch: Path) -> dict[str, Any]:
    """Median and 95th percentile of each peer, and of the impacts that take their place here."""
    generation = open_generation(live_folder(indexes))
    own = generation.languages[lang]
    documents = [_text(generation.shelf.passages_of(one)) for one in own.articles]
    asked = [words(within_limits(text)) for text in typed[:_MOST]]
    fts, whoosh = _fts5(documents), _whoosh(documents, scratch / "peer")
    figures: dict[str, Any] = {"articles": len(documents), "texts": len(asked)}
    figures |= _timed(lambda terms: own.words.score(map(own.analyser.term, terms)), asked, "ours_")
    figures |= _timed(fts, asked, "fts5_")
    figures |= _timed(whoosh, asked, "whoosh_")
    return figures


def _text(passages: Sequence[Any]) -> str:
    return " ".join(words(" ".join(passage.text for passage in passages).casefold()))


def _timed(
    search: Callable[[list[str]], object], asked: Sequence[list[str]], prefix: str
) -> dict[str, float]:
    times = []
    for terms in asked:
        before = time.perf_counter()
        search(terms)
        times.append((time.perf_counter() - before) * 1000)
    return summary(times, prefix)


def _fts5(documents: Sequence[str]) -> Callable[[list[str]], object]:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE documents USING fts5(text)")
    database.executemany("INSERT INTO documents VALUES (?)", ((text,) for text in documents))
    query = "SELECT rowid FROM documents WHERE documents MATCH ? ORDER BY rank LIMIT ?"

    def search(terms: list[str]) -> object:
        either = " OR ".join(f'"{term}"' for term in terms) or '""'
        return database.execute(query, (either, _BEST)).fetchall()

    return search


def _whoosh(documents: Sequence[str], folder: Path) -> Callable[[list[str]], object]:
    folder.mkdir()
    schema = Schema(row=STORED, text=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False))
    writer = index.create_in(str(folder), schema).writer(limitmb=256)
    for row, text in enumerate(documents):
        writer.add_document(row=row, text=text)
    writer.commit()
    searcher = index.open_dir(str(folder)).searcher()

    def search(terms: list[str]) -> object:
        either = Or([Term("text", term.casefold()) for term in terms])
        return [hit["row"] for hit in searcher.search(either, limit=_BEST)]

    return search
