"""Builds an index in this process and prints what it took: a child of `benchmarks.indexing`.

python -m benchmarks.build ARTICLES INDEXES INSTANCE real|cheap
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cheap_vectors import CheapEmbedder
from kbportal.articles.library import Library
from kbportal.cli.progress import progress_bar
from kbportal.cli.worker import use_one_thread_per_sum
from kbportal.kernel.clock import utc_now
from kbportal.search.build.builder import Built, Progress, Source, build
from kbportal.settings import Settings, load
from kbportal.wiring import build_index, choose_embedder, read_articles


class Stages:
    """Seconds by stage: whatever passes before a stage tells of its progress counts for it."""

    def __init__(self, show: Progress) -> None:
        self.seconds: Counter[str] = Counter()
        self._show = show
        self._since = time.perf_counter()

    def __call__(self, stage: str, done: int, total: int) -> None:
        self.passed(stage)
        self._show(stage, done, total)

    def passed(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] += now - self._since  # type: ignore[assignment]
        self._since = now


def main(arguments: Sequence[str]) -> None:
    """Build, and print one JSON document."""
    use_one_thread_per_sum()
    articles, indexes, instance, vectors = arguments
    flags = {"articles": Path(articles), "indexes": Path(indexes), "instance": Path(instance)}
    settings = load(flags=flags)
    with progress_bar() as show:
        stages = Stages(show)
        library = read_articles(settings)
        stages.passed("read")
        built = _built(settings, library, stages, cheap=vectors == "cheap")
        stages.passed("publish")
    print(
        json.dumps(
            {
                "articles": built.articles,
                "passages": built.passages,
                "embedded": built.embedded,
                "problems": len(built.problems),
                "stages_s": {name: round(took, 1) for name, took in stages.seconds.items()},
            }
        )
    )


def _built(settings: Settings, library: Library, progress: Progress, *, cheap: bool) -> Built:
    if not cheap:
        return build_index(settings, library, now=utc_now(), progress=progress)[0]
    model = choose_embedder(settings)
    source = Source(
        articles=library.articles, categories=library.categories, problems=library.problems
    )
    embedder = CheapEmbedder(model) if model else None
    return build(source, settings.indexes, embedder=embedder, now=utc_now(), progress=progress)


if __name__ == "__main__":
    main(sys.argv[1:])
