"""Building a generation: the only code that writes into the indexes folder.

One builder at a time holds a file lock. A generation is written under a name that readers ignore,
opened once to verify it, and only then made the live one; `kill -9` at any moment leaves the live
generation as it was. What has not changed is taken over from it: rendered pages, vectors, whole
languages, and the exported query encoder.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from filelock import FileLock, Timeout

from kbportal.articles.model import Problem
from kbportal.articles.shelf import write_shelf
from kbportal.embedding.encoder import is_current, load_encoder
from kbportal.embedding.ports import Embedder, ModelUnusable
from kbportal.kernel.errors import PortalError
from kbportal.search.analysis import forget_dictionaries
from kbportal.search.calibrate import calibrate
from kbportal.search.embedded import Embedding, embed_pages
from kbportal.search.generation import (
    FORMAT,
    Generation,
    IndexMissing,
    live_folder,
    open_generation,
    point_to,
    sweep,
)
from kbportal.search.language import open_language, write_calibration, write_keywords
from kbportal.search.manifest import Built, as_built, write_manifest
from kbportal.search.pages import Page, collect_pages
from kbportal.search.source import Source, by_language, fingerprint, passage_rows
from kbportal.search.synonyms import write_synonyms

# Part of the manifest: a change of any of these makes earlier generations unfit for reuse.
RANKER = "3"

_LOCK_PATIENCE_S = 600

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how many are done, and how many there are."""


__all__ = ["RANKER", "BuildBusy", "Built", "Progress", "Source", "build"]


class BuildBusy(PortalError):
    """Another process has been building for too long to wait."""

    code: ClassVar[str] = "build_busy"


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
        self.model_problem = ""
        self.embedder, self.recipe = self._usable(embedder)
        self.refused: list[Problem] = []
        self.previous = self._previous()

    def run(self) -> Built:
        if self.previous and self.previous.manifest.get("source") == self._key():
            return as_built(
                self.previous.id,
                self.previous.manifest,
                reading_problems=self.source.problems,
                seconds=self._seconds(),
            )
        sweep(self.indexes, keep=self.previous.id if self.previous else None)
        folder = self.indexes / f"{self.now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        unfinished = self.indexes / f".{folder.name}"
        unfinished.mkdir()
        try:
            built = self._write(unfinished, folder.name)
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
            self.model_problem = str(error)
            return None, None

    def _previous(self) -> Generation | None:
        try:
            return open_generation(live_folder(self.indexes))
        except IndexMissing:
            return None

    def _write(self, folder: Path, name: str) -> Built:
        pages = self._pages()
        by_lang = by_language(pages)
        changed = self._take_over_languages(folder, by_lang)
        self._write_keywords(folder, changed)
        before = self.previous.folder if self.previous else None
        write_synonyms(
            folder, {lang: self.source.synonyms.get(lang, ()) for lang in by_lang}, before
        )
        embedding = self._write_vectors(folder, changed)
        write_shelf(
            folder / "shelf.sqlite",
            ((page.article, page.rendered) for page in pages),
            categories=self.source.categories,
            passages=passage_rows(by_lang),
        )
        self._calibrate(folder, changed)
        built = Built(
            generation=name,
            articles=len(pages),
            passages=sum(len(page.passages) for page in pages),
            languages={lang: len(found) for lang, found in by_lang.items()},
            reused=embedding.reused + _passages(by_lang) - _passages(changed),
            embedded=embedding.embedded,
            seconds=self._seconds(),
            problems=(*self.source.problems, *self.refused),
            degraded=self.degraded,
            model_problem=self.model_problem,
        )
        write_manifest(
            folder,
            built,
            self.refused,
            {
                "format": FORMAT,
                "ranker": RANKER,
                "created": self.now.isoformat(),
                "source": self._key(),
                "parts": {lang: self._part_key(found) for lang, found in by_lang.items()},
                "recipe": self.recipe,
            },
        )
        return built

    def _take_over_languages(
        self, folder: Path, by_lang: Mapping[str, list[Page]]
    ) -> dict[str, list[Page]]:
        """Link what is the same in the live generation; gives the languages that are not."""
        before = self._vectors_source()
        known = self.previous.manifest["parts"] if self.previous and before else {}
        changed: dict[str, list[Page]] = {}
        for lang, pages in by_lang.items():
            if before and known.get(lang) == self._part_key(pages):
                shutil.copytree(before / lang, folder / lang, copy_function=_link)
            else:
                changed[lang] = pages
        return changed

    def _part_key(self, pages: Sequence[Page]) -> str:
        learned = {page.article.id: page.learned for page in pages if page.learned}
        articles = [page.article for page in pages]
        return fingerprint(articles, learned, FORMAT, RANKER, self.recipe)

    def _pages(self) -> list[Page]:
        """Every page, as the live generation has it where nothing has changed."""
        if self.source.pages:
            return list(self.source.pages)
        reusable = self.previous and self.previous.manifest["ranker"] == RANKER
        pages, problems = collect_pages(
            self.source.articles,
            learned=self.source.learned,
            shelf=self.previous.shelf if self.previous and reusable else None,
            progress=lambda done, total: self.progress("render", done, total),
        )
        self.refused += problems
        return pages

    def _key(self) -> str:
        """Of the index that comes out: without a recipe where the model could not be used."""
        return self.source.fingerprint(FORMAT, RANKER, self.recipe)

    def _seconds(self) -> float:
        return round(time.monotonic() - self.started, 2)

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
            # First, so that a model that cannot be exported is known before hours of embedding.
            self._provide_encoder(folder / "encoder")
            embedding = embed_pages(
                by_lang, folder, self.embedder, previous=self._vectors_source(),
                progress=lambda done, total: self.progress("embed", done, total),
            )  # fmt: skip
        except ModelUnusable as error:
            self.degraded, self.embedder, self.recipe = error.code, None, None
            self.model_problem = str(error)
            shutil.rmtree(folder / "encoder", ignore_errors=True)
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
        if before and is_current(before / "encoder"):
            shutil.copytree(before / "encoder", folder, copy_function=_link)
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


def _passages(by_lang: Mapping[str, Sequence[Page]]) -> int:
    return sum(len(page.passages) for pages in by_lang.values() for page in pages)


def _link(source: str, target: str) -> str:
    """Share a finished file between generations; copy it where the disk knows no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
