"""The keyword index of record: quoted phrases of customers, fields and operators for staff.

The only door to Whoosh. Texts arrive analysed, joined by spaces, so that Whoosh and the typing
path see the same terms. Customers never reach its query language: `[a TO z]` once took seven
seconds. A Searcher is never shared between threads: Whoosh answers wrongly then, silently.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from whoosh import index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, KEYWORD, TEXT, Schema
from whoosh.qparser import MultifieldParser
from whoosh.query import And, Phrase, Query, Term

from kbportal.kernel.errors import PortalError
from kbportal.kernel.text import fold
from kbportal.search.index.linking import link

_MEMORY_MB = 256
_LONGEST_QUERY = 200
_ANALYSED = frozenset({"title", "body"})

Document = Mapping[str, str]
"""The fields of one article."""

END = b"\n"
"""The line after the last document that a child is given; without it, the builder has died."""


class WhooshUnusable(PortalError):
    """The index is missing or damaged."""

    code: ClassVar[str] = "whoosh_unusable"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as Whoosh gets it: terms in order."""

    article_id: str
    public: bool
    category: str
    tags: Sequence[str]
    title: Sequence[str]
    body: Sequence[str]


def write_index(folder: Path, entries: Iterable[Entry]) -> None:
    """Write a whole index into an existing, empty folder."""
    write_documents(folder, map(_document, entries))


def write_documents(folder: Path, documents: Iterable[Document]) -> None:
    """The same from the fields of each article."""
    _add(index.create_in(str(folder), _schema()), documents)


def write_index_apart(folder: Path, entries: Iterable[Entry]) -> None:
    """The same in a process of its own: Whoosh takes as long as all other keyword work together.

    Raises:
        WhooshUnusable: The process has failed; what it says is on standard error.
    """
    command = [sys.executable, "-m", "kbportal.search.index.whoosh_child", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:  # noqa: S603
        assert child.stdin
        with suppress(BrokenPipeError):
            for entry in entries:
                child.stdin.write(json.dumps(_document(entry)).encode() + b"\n")
            child.stdin.write(END)
            child.stdin.close()
    if child.returncode:
        raise WhooshUnusable(f"Writing {folder} ended with {child.returncode}.")


def update_index(
    folder: Path, entries: Iterable[Entry], *, earlier: Path, without: Iterable[str]
) -> None:
    """Write into an existing, empty folder an earlier index with some articles changed.

    Segments are shared with the earlier index: Whoosh adds new ones, and keeps what is deleted in
    the table of contents, of which each index has its own.

    Args:
        without: Ids of articles to leave out; those in `entries` must be among them.
    """
    for file in earlier.iterdir():
        if file.suffix == ".seg":
            link(file, folder / file.name)
        elif file.suffix == ".toc":
            shutil.copyfile(file, folder / file.name)
    _add(index.open_dir(str(folder)), map(_document, entries), without=without)


def _add(
    opened: index.FileIndex, documents: Iterable[Document], *, without: Iterable[str] = ()
) -> None:
    writer = opened.writer(limitmb=_MEMORY_MB)
    for article_id in without:
        writer.delete_by_term("id", article_id)
    for document in documents:
        writer.add_document(**document)
    writer.commit()


def _document(entry: Entry) -> Document:
    return {
        "id": entry.article_id,
        "audience": "public" if entry.public else "staff",
        "category": entry.category,
        "tags": ",".join(map(fold, entry.tags)),
        "title": " ".join(entry.title),
        "body": " ".join(entry.body),
    }


class WhooshIndex:
    """Reads one index; every thread has a searcher of its own.

    Raises:
        WhooshUnusable: At once, or later by any method if the folder has been deleted meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self._threads = threading.local()
        self._folder = folder
        # Proves that it can be opened, and lets go: Whoosh holds a copy of the whole index in
        # memory for every searcher, and most threads never need one.
        self._opened().close()

    def with_phrases(self, phrases: Sequence[Sequence[str]]) -> set[str]:
        """Ids of the public articles that contain every one of these runs of terms."""
        wanted = [_run_of(terms) for terms in phrases if terms]
        if not wanted:
            return set()
        query = And([Term("audience", "public"), *wanted])
        return {hit["id"] for hit in self._searcher().search(query, limit=None)}

    def find(self, text: str, term: Callable[[str], str], *, limit: int) -> list[str]:
        """Ids for a query as staff write it: words, "phrases", title:…, tags:…, OR, NOT.

        Drafts and staff articles are found too: for staff rooms only.
        """
        parser = MultifieldParser(["title", "body"], _schema(), fieldboosts={"title": 3.0})
        typed = text[:_LONGEST_QUERY].encode("utf-8", "ignore").decode()
        query = _analysed(parser.parse(typed), term)
        return [hit["id"] for hit in self._searcher().search(query, limit=limit)]

    def _searcher(self) -> Any:
        if not hasattr(self._threads, "searcher"):
            self._threads.searcher = self._opened()
        return self._threads.searcher

    def _opened(self) -> Any:
        try:
            return index.open_dir(str(self._folder), readonly=True).searcher()
        except Exception as error:
            # Whatever a damaged file leads to comes through: struct.error, IndexError, ...
            raise WhooshUnusable(f"{self._folder} cannot be read: {error!r}") from error


def _schema() -> Schema:
    terms = SpaceSeparatedTokenizer()
    return Schema(
        id=ID(stored=True, unique=True),
        audience=ID,
        category=ID,
        tags=KEYWORD(commas=True, lowercase=True),
        title=TEXT(analyzer=terms),
        body=TEXT(analyzer=terms),
    )


def _run_of(terms: Sequence[str]) -> Query:
    return Term("body", terms[0]) if len(terms) == 1 else Phrase("body", list(terms))


def _analysed(query: Query, term: Callable[[str], str]) -> Query:
    """The same query with the words in analysed fields turned into their terms."""
    if isinstance(query, Term) and query.field() in _ANALYSED:
        return Term(query.field(), term(str(query.text)), boost=query.boost)
    if isinstance(query, Phrase) and query.field() in _ANALYSED:
        return Phrase(query.field(), [term(str(word)) for word in query.words], boost=query.boost)
    if query.is_leaf():
        return query
    return query.apply(lambda child: _analysed(child, term))
