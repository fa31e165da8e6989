"""Building a generation: the only code that publishes into the indexes folder.

One builder at a time holds a file lock. A generation is written under a name that readers ignore,
opened once to verify it, and only then made the live one; `kill -9` at any moment leaves the live
generation as it was. What has not changed is taken over from it (see `plan`).
"""

from __future__ import annotations

import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from kbportal.embedding.ports import Embedder
from kbportal.kernel.errors import PortalError
from kbportal.kernel.turns import turn
from kbportal.search.build.model import Model, usable, without
from kbportal.search.build.source import Source
from kbportal.search.build.writing import Progress, Written, has_encoder_of, write_generation
from kbportal.search.index.generation import (
    FORMAT,
    Generation,
    IndexMissing,
    live_folder,
    open_generation,
    point_to,
    sweep,
)
from kbportal.search.index.language import read_calibration
from kbportal.search.index.manifest import RANKER, Built, as_built, write_manifest
from kbportal.search.index.plan import LEARN_AGAIN
from kbportal.search.index.reading import remember_readings
from kbportal.search.text.analysis import forget_dictionaries

MANY_ARTICLES = 1000
"""From so many on a first index by keywords alone is published before the long embedding."""

EMBEDDING = "embedding"
"""Why such an index does without meaning."""

_LOCK_PATIENCE_S = 600

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
    run = _Build(source, indexes, now, learn_again, progress, time.monotonic())
    try:
        with turn(indexes / ".building.lock", wait_s=_LOCK_PATIENCE_S) as mine:
            if not mine:
                raise BuildBusy(f"Another process is building the index in {indexes}.")
            model, live = usable(embedder), _live(indexes)
            if keywords_first is not None and run.embeds_everything(model, live, keywords_first):
                run.publish(without(EMBEDDING), live)
                live = _live(indexes)
            built = run.publish(model, live)
            remember_readings(indexes, source.readings)
            return built
    finally:
        forget_dictionaries()


@dataclass(frozen=True, slots=True)
class _Build:
    source: Source
    indexes: Path
    now: datetime
    learn_again: float
    progress: Progress
    started: float

    def embeds_everything(self, model: Model, live: Generation | None, at_least: int) -> bool:
        """Whether so many articles wait for their first vectors."""
        if not model.embedder or len(self.source.listed) < at_least:
            return False
        return live is None or not live.manifest["recipe"]

    def publish(self, model: Model, live: Generation | None) -> Built:
        """Make a generation by this model the live one, unless it is."""
        key = self._key(model)
        if live and live.manifest.get("source") == key:
            return as_built(
                live.id,
                live.manifest,
                reading_problems=self.source.problems,
                seconds=self._seconds(),
            )
        sweep(self.indexes, keep=live.id if live else None)
        folder = self.indexes / f"{self.now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        unfinished = self.indexes / f".{folder.name}"
        unfinished.mkdir()
        try:
            earlier = live if live and live.manifest["ranker"] == RANKER else None
            written = write_generation(
                self.source, unfinished,
                earlier=earlier, model=model, learn_again=self.learn_again,
                progress=self.progress,
            )  # fmt: skip
            built = self._built(folder.name, unfinished, written)
            key = key if written.model is model else self._key(written.model)
            write_manifest(unfinished, built, written.shelved.problems, self._facts(written, key))
            open_generation(unfinished, to_serve=not has_encoder_of(earlier, written.model))
            unfinished.rename(folder)
            point_to(self.indexes, folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return built

    def _built(self, name: str, folder: Path, written: Written) -> Built:
        languages = {plan.lang: len(plan.pages) for plan in written.planned}
        return Built(
            generation=name,
            articles=len(written.shelved.articles),
            passages=written.passages,
            languages=languages,
            reused=written.embedding.reused,
            embedded=written.embedding.embedded,
            seconds=self._seconds(),
            problems=(*self.source.problems, *written.shelved.problems),
            degraded=written.model.degraded,
            calibration={lang: read_calibration(folder / lang).as_json() for lang in languages},
            model_problem=written.model.problem,
        )

    def _facts(self, written: Written, key: str) -> dict[str, Any]:
        """What decides whether the generation, or a part of it, can be used again."""
        ledgers = {plan.lang: plan.ledger for plan in written.planned}
        return {
            "format": FORMAT,
            "ranker": RANKER,
            "created": self.now.isoformat(),
            "source": key,
            "recipe": written.model.recipe,
            "learnt": {
                lang: {"articles": ledger.learnt_on, "changed_since": len(ledger.changed)}
                for lang, ledger in ledgers.items()
            },
        }

    def _key(self, model: Model) -> str:
        """Of the index that comes out: without a recipe where the model could not be used."""
        return self.source.fingerprint(FORMAT, RANKER, model.recipe)

    def _seconds(self) -> float:
        return round(time.monotonic() - self.started, 2)


def _live(indexes: Path) -> Generation | None:
    try:
        return open_generation(live_folder(indexes), to_serve=False)
    except IndexMissing:
        return None
