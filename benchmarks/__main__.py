"""`make bench`: how fast suggestions come, beside peers; what serving and indexing cost.

Everything is measured in one run on one machine, because machines differ and are noisy: quote
ratios, not milliseconds. Without a flag it takes the demo articles and a minute or two.

    make bench BENCH_FLAGS="--articles help --texts tickets.jsonl --lang sk"
    make bench BENCH_FLAGS="--corpora FOLDER --size 10000 --texts tickets.jsonl --keep FOLDER"
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import changing, engine, http, indexing, peers, report
from benchmarks.corpus import write_corpus
from benchmarks.real_articles import read_real_articles
from benchmarks.typists import own_questions, questions, read_texts
from kbportal.cli.worker import use_one_thread_per_sum
from kbportal.search.index.generation import POINTER

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("indexing", "engine", "peers", "http", "changing")
# Above this many articles embedding takes hours.
_MOST_EMBEDDED = 12_000


def main() -> None:
    """Measure, print tables, and with --json a document."""
    options = _options()
    use_one_thread_per_sum()  # as the portal's own processes do
    measured: dict[str, Any] = {"machine": report.machine()}
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        if not options.corpora:
            measured |= _Run(options, options.articles, scratch, name="").measure()
        for size in options.size if options.corpora else ():
            _tell(f"making {size} articles")
            articles = _corpus(options, scratch, size)
            measured |= _Run(options, articles, scratch / str(size), name=str(size)).measure()
    if options.json:
        print(json.dumps(measured, indent=2))
    else:
        print("\n".join(report.lines(measured)))


class _Run:
    """The parts that were asked for, over one set of articles."""

    def __init__(
        self, options: argparse.Namespace, articles: Path, scratch: Path, *, name: str
    ) -> None:
        self._options, self._articles, self._scratch = options, articles, scratch
        self._title = f" ({name} articles)" if name else ""
        self._vectors = options.vectors
        if not self._vectors:
            large = name and int(name) > _MOST_EMBEDDED
            self._vectors = "cheap" if large else "real"
        scratch.mkdir(parents=True, exist_ok=True)
        kept = options.keep or scratch
        self._indexes = kept / f"indexes-{name or 'articles'}-{options.lang}-{self._vectors}"
        self._own = own_questions(articles, options.lang)
        texts = read_texts(options.texts, options.lang) if options.texts else self._own
        self._asked = questions(texts, most=options.most)

    def measure(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "indexing" in self._options.only or not (self._indexes / POINTER).exists():
            found["indexing"] = self._index()
        found["indexing"] = found.get("indexing", {"kept": str(self._indexes.name)})
        for part in ("engine", "peers", "http", "changing"):
            if part in self._options.only:
                _tell(f"measuring {part}{self._title}")
                found[part] = getattr(self, f"_{part}")()
        return {f"{part}{self._title}": figures for part, figures in found.items()}

    def _index(self) -> dict[str, Any]:
        _tell(f"indexing{self._title}, {self._vectors} vectors")
        built = indexing.build(self._articles, self._indexes, self._scratch, vectors=self._vectors)
        again = indexing.unchanged(self._articles, self._indexes, self._scratch)
        return {"from nothing": built, "nothing changed": again}

    def _engine(self) -> dict[str, Any]:
        return engine.measure(self._indexes, self._asked, self._options.lang)

    def _peers(self) -> dict[str, Any]:
        return peers.measure(
            self._indexes, self._asked[: self._options.most_peers], self._options.lang,
            self._scratch, names=self._options.peers,
        )  # fmt: skip

    def _http(self) -> dict[str, Any]:
        return http.measure(
            self._articles, self._indexes, self._asked, self._options.lang, self._scratch,
            seconds=self._options.seconds,
        )  # fmt: skip

    def _changing(self) -> dict[str, Any]:
        return changing.measure(
            self._articles, self._indexes, questions(self._own, most=self._options.most),
            self._options.lang, self._scratch, changed=self._options.changed,
            seconds=self._options.seconds,
        )  # fmt: skip


def _corpus(options: argparse.Namespace, scratch: Path, size: int) -> Path:
    """Made once, and kept where that is asked for."""
    folder: Path = (options.keep or scratch) / f"articles-{size}-{options.lang}-{options.seed}"
    if not folder.exists():
        real = read_real_articles(options.corpora, options.lang)
        unfinished = folder.with_name(f".{folder.name}")
        write_corpus(real, unfinished, size, lang=options.lang, seed=options.seed)
        unfinished.rename(folder)
    return folder


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        print(f"{what} ...", file=sys.stderr)


def _several(allowed: Sequence[str]) -> Any:
    def parse(text: str) -> list[str]:
        given = text.split(",")
        if unknown := set(given) - set(allowed):
            raise argparse.ArgumentTypeError(
                f"{', '.join(sorted(unknown))}: choose from {', '.join(allowed)}"
            )
        return given

    return parse


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("--articles", type=Path, default=ROOT / "articles", help="articles to measure with")
    add("--corpora", type=Path, help="real articles to make --size articles of, packed or not")
    add("--size", type=int, action="append", help="how many; may be given again (10000)")
    add("--seed", type=int, default=1, help="of the made articles (1)")
    add("--lang", default="en", help="language that is made and searched (en)")
    add("--texts", type=Path, help='what is typed: JSON lines with "text" (questions, titles)')
    add("--most", type=int, default=600, help="questions at most (600)")
    add("--most-peers", type=int, default=300, help="of these, for the peers (300)")
    add("--only", type=_several(PARTS), default=list(PARTS), help="parts, by commas")
    add("--peers", type=_several(list(peers.PEERS)), default=list(peers.PEERS), help="likewise")
    add("--vectors", choices=("real", "cheap"), help="cheap: stand-ins, without hours of model")
    add("--changed", type=int, default=50, help="articles changed under load (50)")
    add("--seconds", type=float, default=5.0, help="of load for each number of clients (5)")
    add("--keep", type=Path, help="keep what is made and built here, and use it again")
    add("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    options.size = options.size or [10_000]
    return options


main()
