"""`make bench`: how long indexing takes, how fast suggestions come, and what memory they need.

Everything is measured in one run on one machine, beside peers, because machines differ and are
noisy: quote ratios, not milliseconds. By default over the demo articles; give your own:

    make bench BENCH_FLAGS="--articles help --texts tickets.jsonl --lang sk"
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks import engine, http, indexing, peers, texts

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Measure, print a table, and with --json a document."""
    options = _options()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        indexes = options.indexes or folder / "indexes"
        typed = texts.typed(options.texts, options.articles, options.lang, most=options.most)
        measured = {"indexing": indexing.measure(options.articles, indexes, folder)}
        measured["suggest"] = engine.measure(indexes, typed, options.lang)
        if not options.no_peers:
            measured["peers"] = peers.measure(indexes, typed, options.lang, folder)
        if not options.no_http:
            measured["http"] = http.measure(options.articles, indexes, typed, options.lang, folder)
    if options.json:
        print(json.dumps(measured, indent=2))
        return
    for part, figures in measured.items():
        print(f"\n{part}")
        for name, value in figures.items():
            print(f"  {name:<34} {value}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--articles", type=Path, default=ROOT / "articles")
    parser.add_argument("--indexes", type=Path, help="keep the built index here")
    parser.add_argument("--texts", type=Path, help='typed texts: JSON lines with "text"')
    parser.add_argument("--lang", default="en", help="language that is searched")
    parser.add_argument("--most", type=int, default=500, help="texts at most")
    parser.add_argument("--no-peers", action="store_true", help="leave out FTS5 and Whoosh")
    parser.add_argument("--no-http", action="store_true", help="leave out the server")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


main()
