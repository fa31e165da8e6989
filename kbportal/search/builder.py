"""Building a generation: the only code that writes into the indexes folder.

One builder at a time holds a file lock. A generation is written under a name that readers ignore,
opened once to verify it, and only then made the live one; `kill -9` at any moment leaves the live
generation as it was. What has not changed is taken over from it: rendered pages, vectors, whole
languages, and the exported query encoder.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from filelock import FileLock, Timeout

from kbportal.articles.model import Article, Category, Problem
from kbportal.articles.shelf import PassageRow, write_shelf
from kbportal.embedding.encoder import load_encoder
from kbportal.embedding.ports import Embedder, ModelUnusable
from kbportal.kernel.errors import PortalError
from kbportal.search.analysis import forget_dictionaries
from kbportal.search.calibrate import calibrate
from kbportal.search.embedded import Embedding, embed_pages
from kbportal.search.generation import (
    FORMAT,
    MANIFEST,
    Generation,
    IndexMissing,
    live_folder,
    open_generation,
    point_to,
)
from kbportal.search.language import open_language, write_calibration, write_keywords
from kbportal.search.pages import Learned, Page, rendered_pages, shelved_pages, unaffected

# Part of the manifest: a change of any of these makes earlier generations unfit for reuse.
RANKER = "1"

_LOCK_PATIENCE_S = 600
_KEPT_GENERATIONS = 2

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how many are done, and how many there are."""


class BuildBusy(PortalError):
    """Another process has been building for too long to wait."""

    code: ClassVar[str] = "build_busy"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    generation: str
    articles: int
    passages: int
    languages: dict[str, int]
    reused: int
    embedded: int
    seconds: float
    problems: tuple[Problem, ...] = ()
    degraded: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What an index is built from.

    Attributes:
        pages: Already prepared pages, for corpora that are not Markdown; `articles` otherwise.
        learned: Texts of resolved tickets by the article that answered them.
    """

    articles: Sequence[Article] = ()
    categories: Sequence[Category] = ()
    problems: Sequence[Problem] = ()
    pages: Sequence[Page] = ()
    learned: Learned = field(default_factory=dict)

    def fingerprint(self) -> str:
        """Equal for sources that give the same index."""
        digest = hashlib.sha256()
        listed = self.articles or [page.article for page in self.pages]
        for article in sorted(listed, key=lambda a: a.id):
            digest.update(f"{article.id}\0{article.slug}\0{article.fingerprint}\n".encode())
        for category in sorted(self.categories, key=lambda c: (c.lang, c.slug)):
            digest.update(json.dumps(asdict(category)).encode())
        for article_id, texts in sorted(self.learned.items()):
            digest.update(json.dumps([article_id, *texts]).encode())
        return digest.hexdigest()


def build(
    source: Source,
    indexes: Path,
    *,
    embedder: Embedder | None,
    now: datetime,
    progress: Progress = lambda stage, done, total: None,
) -> Built:
    """Build and publish a generation, or find that the live one is already right.

    Args:
        embedder: None to go by keywords alone.

    Raises:
        BuildBusy: Another build goes on and on.
        OSError: The disk refuses; the live generation is untouched.
    """
    indexes.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    try:
        with FileLock(indexes / ".building.lock", timeout=_LOCK_PATIENCE_S):
            return _Build(source, indexes, embedder, now, progress, started).run()
    except Timeout as error:
        raise BuildBusy(f"Another process is building the index in {indexes}.") from error
    finally:
        forget_dictionaries()


def is_stale(source: Source, indexes: Path, *, recipe: Mapping[str, Any] | None) -> bool:
    """Whether the live generation was made from something else, or is not there."""
    try:
        manifest = json.loads((live_folder(indexes) / MANIFEST).read_text(encoding="utf-8"))
    except (IndexMissing, OSError, ValueError):
        return True
    return bool(manifest.get("source") != _source_key(source, recipe))


def _source_key(source: Source, recipe: Mapping[str, Any] | None) -> str:
    key = json.dumps([FORMAT, RANKER, recipe, source.fingerprint()], sort_keys=True)
    return hashlib.sha256(key.encode()).hexdigest()


class _Build:
    """One run, step by step."""

    def __init__(
        self,
        source: Source,
        indexes: Path,
        embedder: Embedder | None,
        now: datetime,
        progress: Progress,
        started: float,
    ) -> None:
        self.source, self.indexes, self.now = source, indexes, now
        self.progress, self.started = progress, started
        self.degraded = "" if embedder else "no_model"
        self.embedder, self.recipe = self._usable(embedder)
        self.problems = list(source.problems)
        self.previous = self._previous()

    def run(self) -> Built:
        key = _source_key(self.source, self.recipe)
        if self.previous and self.previous.manifest.get("source") == key:
            return self._unchanged(self.previous)
        _sweep(self.indexes, keep=self.previous.id if self.previous else None)
        folder = self.indexes / f"{self.now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        unfinished = self.indexes / f".{folder.name}"
        unfinished.mkdir()
        try:
            built = self._write(unfinished, folder.name, key)
            open_generation(unfinished)
            unfinished.rename(folder)
            point_to(self.indexes, folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return built

    def _usable(self, embedder: Embedder | None) -> tuple[Embedder | None, dict[str, Any] | None]:
        """The embedder and its recipe, or nothing and a degraded index if it cannot be used."""
        try:
            return embedder, asdict(embedder.recipe) if embedder else None
        except (ModelUnusable, OSError, ValueError, KeyError) as error:
            self.degraded = getattr(error, "code", "model_unusable")
            return None, None

    def _previous(self) -> Generation | None:
        try:
            return open_generation(live_folder(self.indexes))
        except IndexMissing:
            return None

    def _unchanged(self, previous: Generation) -> Built:
        counts = previous.manifest["counts"]
        return Built(
            generation=previous.id,
            **counts,
            reused=counts["passages"],
            embedded=0,
            seconds=round(time.monotonic() - self.started, 2),
            # Rendering problems are found only while rendering, so the manifest remembers them.
            problems=tuple(Problem(**p) for p in previous.manifest["problems"]),
            degraded=self.degraded,
        )

    def _write(self, folder: Path, name: str, key: str) -> Built:
        pages = self._pages()
        by_lang = _by_language(pages)
        self._write_keywords(folder, by_lang)
        embedding = self._write_vectors(folder, by_lang)
        write_shelf(
            folder / "shelf.sqlite",
            ((page.article, page.rendered) for page in pages),
            categories=self.source.categories,
            passages=_passage_rows(by_lang),
        )
        self._calibrate(folder, by_lang)
        built = Built(
            generation=name,
            articles=len(pages),
            passages=sum(len(page.passages) for page in pages),
            languages={lang: len(found) for lang, found in by_lang.items()},
            reused=embedding.reused,
            embedded=embedding.embedded,
            seconds=round(time.monotonic() - self.started, 2),
            problems=tuple(self.problems),
            degraded=self.degraded,
        )
        self._write_manifest(folder, built, key)
        return built

    def _pages(self) -> list[Page]:
        if self.source.pages:
            return list(self.source.pages)
        articles, learned = self.source.articles, self.source.learned
        kept: set[str] = set()
        if self.previous and self.previous.manifest["ranker"] == RANKER:
            shelf = self.previous.shelf
            old = [
                found
                for card in shelf.all_articles()
                if (found := shelf.by_id(card.id, audience="staff"))
            ]
            kept = unaffected([found.article for found in old], articles)
        pages: list[Page] = []
        if self.previous and kept:
            same = (article for article in articles if article.id in kept)
            pages += shelved_pages(self.previous.shelf, same, learned=learned)
        missing = [article for article in articles if article.id not in kept]
        for done, outcome in enumerate(
            rendered_pages(missing, among=articles, learned=learned), start=1
        ):
            if isinstance(outcome, Page):
                pages.append(outcome)
            else:
                self.problems.append(outcome)
            self.progress("render", done, len(missing))
        return pages

    def _write_keywords(self, folder: Path, by_lang: Mapping[str, list[Page]]) -> None:
        total = sum(map(len, by_lang.values()))
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            self.progress("keywords", done, total)

        for lang, pages in by_lang.items():
            (folder / lang).mkdir()
            write_keywords(folder / lang, lang, pages, progress=advance)
            forget_dictionaries()

    def _write_vectors(self, folder: Path, by_lang: Mapping[str, list[Page]]) -> Embedding:
        if not self.embedder:
            return Embedding(0, 0)
        try:
            embedding = embed_pages(
                by_lang, folder, self.embedder, previous=self._vectors_source(),
                progress=lambda done, total: self.progress("embed", done, total),
            )  # fmt: skip
            self._provide_encoder(folder / "encoder")
        except ModelUnusable as error:
            self.degraded, self.embedder, self.recipe = error.code, None, None
            return Embedding(0, 0)
        return embedding

    def _vectors_source(self) -> Path | None:
        """The live generation's folder, if its vectors were made by the same recipe."""
        if self.previous and self.previous.manifest["recipe"] == self.recipe:
            return self.previous.folder
        return None

    def _provide_encoder(self, folder: Path) -> None:
        assert self.embedder
        before = self._vectors_source()
        if before and (before / "encoder" / "encoder.json").exists():
            shutil.copytree(before / "encoder", folder, copy_function=os.link)
        else:
            folder.mkdir()
            self.embedder.export_encoder(folder)

    def _calibrate(self, folder: Path, by_lang: Mapping[str, list[Page]]) -> None:
        encoder = load_encoder(folder / "encoder") if self.embedder else None
        for number, (lang, pages) in enumerate(by_lang.items()):
            index = open_language(folder / lang, lang, with_vectors=self.embedder is not None)

            def advance(done: int, total: int, *, before: int = number) -> None:
                self.progress("calibrate", before * total + done, len(by_lang) * total)

            calibration = calibrate(
                index,
                [page for page in pages if page.article.is_public],
                encoder=encoder,
                embedder=self.embedder,
                progress=advance,
            )
            write_calibration(folder / lang, calibration)

    def _write_manifest(self, folder: Path, built: Built, key: str) -> None:
        manifest = {
            "format": FORMAT,
            "ranker": RANKER,
            "created": self.now.isoformat(),
            "source": key,
            "recipe": self.recipe,
            "degraded": self.degraded,
            "languages": sorted(built.languages),
            "counts": {
                "articles": built.articles,
                "passages": built.passages,
                "languages": built.languages,
            },
            "problems": [asdict(problem) for problem in built.problems],
        }
        with (folder / MANIFEST).open("w", encoding="utf-8") as file:
            json.dump(manifest, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())


def _by_language(pages: Sequence[Page]) -> dict[str, list[Page]]:
    """Pages by language, public ones first: their order is the order of rows everywhere."""
    by_lang: dict[str, list[Page]] = {}
    for page in sorted(pages, key=lambda p: (not p.article.is_public, p.article.id)):
        by_lang.setdefault(page.article.lang, []).append(page)
    return dict(sorted(by_lang.items()))


def _passage_rows(by_lang: Mapping[str, list[Page]]) -> list[PassageRow]:
    rows: list[PassageRow] = []
    for lang, pages in by_lang.items():
        passages = ((page.article.id, passage) for page in pages for passage in page.passages)
        rows += (
            PassageRow(lang, row, article_id, p.section, p.heading, p.text)
            for row, (article_id, p) in enumerate(passages)
        )
    return rows


def _sweep(indexes: Path, *, keep: str | None) -> None:
    """Remove what crashed builds left, and generations that no reader can still want."""
    folders = sorted(path for path in indexes.iterdir() if path.is_dir())
    finished = [path for path in folders if not path.name.startswith(".")]
    spare = [path for path in finished if path.name != keep][: -_KEPT_GENERATIONS + 1 or None]
    for path in [*spare, *(path for path in folders if path.name.startswith("."))]:
        shutil.rmtree(path, ignore_errors=True)
