"""How long the slowest hostile text takes: `python -m benchmarks.hostile INDEXES`.

5,000 seeded texts of ten kinds (every Unicode plane, query syntax, marks, bombs, ...) and those of
100 kB, each searched and suggested for in every language of the index, with meaning if it has any.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.timing import summary
from kbportal.search.query.live import LiveIndex
from tests.hostile import hostile_texts, large_texts

_WARM_UP = 200


def measure(indexes: Path, *, count: int, seed: int) -> dict[str, object]:
    """By what is asked: percentiles over all texts and languages, and the slowest text."""
    live = LiveIndex(indexes, fallback_lang="en").current()
    languages = list(live.manifest["languages"])
    for text in hostile_texts(_WARM_UP, seed=seed + 1):
        _ask(live.engine.search, text, languages[0])
    texts = [*hostile_texts(count, seed=seed), *large_texts()]
    return {
        "texts": len(texts),
        "languages": len(languages),
        "suggest": _timed(live.engine.suggest, texts, languages),
        "search": _timed(live.engine.search, texts, languages),
    }


def _timed(ask: Callable[..., object], texts: Iterable[str], languages: list[str]) -> object:
    """Every text in one of the languages in turn."""
    taken = [
        (_ask(ask, text, languages[number % len(languages)]), text)
        for number, text in enumerate(texts)
    ]
    slowest = max(taken)[1]
    figures: dict[str, object] = dict(summary([ms for (_, ms), _ in taken]))
    processor = summary([worked for (worked, _), _ in taken])
    figures |= {f"processor_{name}": value for name, value in processor.items()}
    return figures | {"slowest": ascii(slowest[:40]), "its_length": len(slowest)}


def _ask(ask: Callable[..., object], text: str, lang: str) -> tuple[float, float]:
    """Milliseconds of processor time, which other programs hardly change, and of the clock."""
    worked, started = time.process_time(), time.perf_counter()
    ask(text, lang=lang)
    return (time.process_time() - worked) * 1000, (time.perf_counter() - started) * 1000


def main() -> None:
    """Measure and print one JSON document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("indexes", type=Path)
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=20)
    options = parser.parse_args()
    print(json.dumps(measure(options.indexes, count=options.count, seed=options.seed), indent=2))


if __name__ == "__main__":
    main()
