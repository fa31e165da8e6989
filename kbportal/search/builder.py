"""Building a generation: the only code that writes into the indexes folder.

One builder at a time holds a file lock. A generation is written under a name that readers ignore,
opened once to verify it, and only then made the live one; `kill -9` at any moment leaves the live
generation as it was. What has not changed is taken over from it (see `plan`).
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from filelock import FileLock, Timeout

from kbportal.articles.shelf import Shelf
from kbportal.embedding.encoder import load_encoder
from kbportal.embedding.passages import MOST, OnnxPassages
from kbportal.embedding.ports import Embedder, ModelUnusable, PassageEmbedder
from kbportal.kernel.errors import PortalError
from kbportal.search.analysis import forget_dictionaries
from kbportal.search.embedded import Embedding, Vectoring
from kbportal.search.generation import (
    FORMAT,
    Generation,
    IndexMissing,
    live_folder,
    open_generation,
    point_to,
    sweep,
)
from kbportal.search.language import (
    open_language,
    read_calibration,
    take_over_calibration,
    write_calibration,
    write_keywords,
)
from kbportal.search.linking import link_files
from kbportal.search.manifest import RANKER, Built, as_built, write_manifest
from kbportal.search.plan import LEARN_AGAIN, Plan, plans
from kbportal.search.reading import remember_readings
from kbportal.search.shelving import Shelved, shelve
from kbportal.search.source import Source

MANY_ARTICLES = 1000
"""From so many on a first index by keywords alone is published before the long embedding."""

EMBEDDING = "embedding"
"""Why such an index does without meaning."""

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
    keywords_first: int | None = None,
    learn_again: float = LEARN_AGAIN,
    progress: Progress = lambda stage, done, total: None,
) -> Built:
    """Build and publish a generation, or find that the live one is already right.

    Args:
        embedder: None to go by keywords alone.
        keywords_first: Number of articles from which on, where nothing has vectors yet, an index
            by keywords alone is published before they are embedded; None for never.
        learn_again: Share of a language's articles that may change before its word forms and its
            weights are learnt again.

    Raises:
        BuildBusy: Another build goes on and on.
        OSError: The disk refuses; the live generation is untouched.
    """
    indexes.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()

    def run(model: Embedder | None, degraded: str) -> _Build:
        return _Build(source, indexes, model, degraded, now, learn_again, progress, started)

    try:
        with FileLock(indexes / ".building.lock", timeout=_LOCK_PATIENCE_S):
            build = run(embedder, "no_model")
            if keywords_first is not None and build.embeds_everything(keywords_first):
                run(None, EMBEDDING).run()
                build = run(embedder, "no_model")
            built = build.run()
            remember_readings(indexes, source.readings)
            return built
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
        degraded: str,
        now: datetime,
        learn_again: float,
        progress: Progress,
        started: float,
    ) -> None:
        self.source, self.indexes, self.now = source, indexes, now
        self.learn_again = learn_again
        self.progress, self.started = progress, started
        self.degraded = "" if embedder else degraded
        self.embedder, self.recipe = self._usable(embedder)
        self.keys: dict[bool, str] = {}
        self.previous = self._previous()
        self.reusable = self.previous if self._is_reusable() else None

    def embeds_everything(self, at_least: int) -> bool:
        """Whether so many articles wait for their first vectors."""
        if not self.embedder or len(self.source.listed) < at_least:
            return False
        return self.previous is None or not self.previous.manifest["recipe"]

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
            open_generation(unfinished, to_serve=not self._has_encoder_already())
            unfinished.rename(folder)
            point_to(self.indexes, folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return built

    def _write(self, folder: Path, name: str) -> Built:
        shelved = self._shelve(folder)
        planned = plans(
            shelved.articles,
            Shelf(folder / "shelf.sqlite"),
            learned=self.source.lessons,
            rendered=shelved.fresh,
            earlier=self.reusable.folder if self.reusable else None,
            learn_again=self.learn_again,
        )
        self._write_keywords(folder, planned)
        embedding = self._write_vectors(folder, planned)
        self._calibrate(folder, planned)
        built = Built(
            generation=name,
            articles=len(shelved.articles),
            passages=Shelf(folder / "shelf.sqlite").passage_count(),
            languages={plan.lang: len(plan.pages) for plan in planned},
            reused=embedding.reused,
            embedded=embedding.embedded,
            seconds=self._seconds(),
            problems=(*self.source.problems, *shelved.problems),
            degraded=self.degraded,
            calibration={p.lang: asdict(read_calibration(folder / p.lang)) for p in planned},
        )
        write_manifest(folder, built, shelved.problems, self._facts(planned))
        return built

    def _shelve(self, folder: Path) -> Shelved:
        return shelve(
            self.source,
            folder / "shelf.sqlite",
            earlier=self.reusable.folder / "shelf.sqlite" if self.reusable else None,
            progress=lambda done, total: self.progress("render", done, total),
        )

    def _write_keywords(self, folder: Path, planned: Sequence[Plan]) -> None:
        total = sum(len(plan.pages) for plan in planned)
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            self.progress("keywords", done, total)

        for plan in planned:
            (folder / plan.lang).mkdir()
            write_keywords(folder / plan.lang, plan, progress=advance)
            forget_dictionaries()

    def _write_vectors(self, folder: Path, planned: Sequence[Plan]) -> Embedding:
        if not self.embedder:
            return Embedding(0, 0)
        try:
            vectoring = Vectoring(planned, reuse=self._has_same_recipe())
            embedding = vectoring.write(
                folder,
                self._embedder_of(vectoring.missing),
                progress=lambda done, total: self.progress("embed", done, total),
            )
            self._provide_encoder(folder / "encoder")
        except ModelUnusable as error:
            self.degraded, self.embedder, self.recipe = error.code, None, None
            return Embedding(0, 0)
        return embedding

    def _embedder_of(self, missing: int) -> PassageEmbedder:
        """What embeds so many texts soonest."""
        assert self.embedder
        if self.reusable and self._has_encoder_already() and 0 < missing <= MOST:
            try:
                return OnnxPassages(self.reusable.folder / "encoder", self.embedder.recipe)
            except ModelUnusable:
                pass  # as with an embedder that exports none: it embeds a few at once itself
        return self.embedder

    def _provide_encoder(self, folder: Path) -> None:
        assert self.embedder
        folder.mkdir()
        if self.reusable and self._has_encoder_already():
            link_files(self.reusable.folder / "encoder", folder, keep=lambda name: True)
        else:
            self.embedder.export_encoder(folder)

    def _calibrate(self, folder: Path, planned: Sequence[Plan]) -> None:
        waiting = [plan for plan in planned if not self._keeps_calibration(folder, plan)]
        if not waiting:
            return
        # Only needed here, and half a second to import.
        from kbportal.search.calibrate import calibrate

        encoder = load_encoder(folder / "encoder") if self.embedder else None
        for number, plan in enumerate(waiting):
            own = folder / plan.lang
            index = open_language(own, plan.lang, with_vectors=self.embedder is not None)

            def advance(done: int, total: int, *, before: int = number) -> None:
                self.progress("calibrate", before * total + done, len(waiting) * total)

            calibration = calibrate(
                index,
                plan.public_pages,
                encoder=encoder,
                embedder=self.embedder,
                progress=advance,
            )
            write_calibration(own, calibration)

    def _keeps_calibration(self, folder: Path, plan: Plan) -> bool:
        if plan.learns or plan.earlier is None or not self._has_same_recipe():
            return False
        return take_over_calibration(plan.earlier, folder / plan.lang)

    def _usable(self, embedder: Embedder | None) -> tuple[Embedder | None, dict[str, Any] | None]:
        """The embedder and its recipe, or nothing and a degraded index if it cannot be used."""
        try:
            return embedder, asdict(embedder.recipe) if embedder else None
        except (ModelUnusable, OSError, ValueError, KeyError) as error:
            self.degraded = getattr(error, "code", "model_unusable")
            return None, None

    def _previous(self) -> Generation | None:
        try:
            return open_generation(live_folder(self.indexes), to_serve=False)
        except IndexMissing:
            return None

    def _is_reusable(self) -> bool:
        return self.previous is not None and self.previous.manifest["ranker"] == RANKER

    def _has_same_recipe(self) -> bool:
        return self.reusable is not None and self.reusable.manifest["recipe"] == self.recipe

    def _has_encoder_already(self) -> bool:
        """Whether the query encoder is that of the generation before."""
        if not self.reusable or not self._has_same_recipe():
            return False
        return (self.reusable.folder / "encoder" / "encoder.json").exists()

    def _key(self) -> str:
        """Of the index that comes out: without a recipe where the model could not be used."""
        with_model = self.recipe is not None
        if with_model not in self.keys:
            self.keys[with_model] = self.source.fingerprint(FORMAT, RANKER, self.recipe)
        return self.keys[with_model]

    def _facts(self, planned: Sequence[Plan]) -> dict[str, Any]:
        """What decides whether the generation, or a part of it, can be used again."""
        return {
            "format": FORMAT,
            "ranker": RANKER,
            "created": self.now.isoformat(),
            "source": self._key(),
            "recipe": self.recipe,
            "learnt": {
                plan.lang: {
                    "articles": plan.ledger.learnt_on,
                    "changed_since": len(plan.ledger.changed),
                }
                for plan in planned
            },
        }

    def _seconds(self) -> float:
        return round(time.monotonic() - self.started, 2)
