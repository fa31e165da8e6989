"""Articles that change while customers are served: how soon it shows, and who notices.

Works on a copy of the articles. Only texts that have suggestions before and after count, so that
an answer that is empty is a fault and not silence.
"""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import load
from benchmarks.indexing import index_now
from benchmarks.server import Server, serving

_CLIENTS = 2
_PAUSE_S = 0.1
_PATIENCE_S = 900.0
_MOST_TEXTS = 100
# Answers that must have it, so that every worker is likely to have been asked.
_IN_A_ROW = 4


def measure(
    articles: Path, indexes: Path, asked: Sequence[str], lang: str, scratch: Path, *,
    changed: int, seconds: float,
) -> dict[str, Any]:  # fmt: skip
    """One article changed on an idle server; then many under load, p95 before and during.

    Args:
        changed: How many articles of the second change.
        seconds: Of load before it.
    """
    own, copy = scratch / "changing-indexes", scratch / "changing-articles"
    shutil.copytree(articles, copy)
    shutil.copytree(indexes, own)
    files = sorted((copy / lang).rglob("*.md"))
    with serving(copy, own, scratch / "changing") as server:
        one = [
            _until_live(server, copy, own, scratch / "changing", file, lang)
            for file in files[: min(3, len(files))]
        ]
        many = _under_load(
            server, copy, own, scratch / "changing", files[:changed], asked, lang, seconds
        )
    return {
        "one changed article live after": {"best_s": min(one), "worst_s": max(one)},
        "reindex while serving": many,
    }


def _until_live(
    server: Server, articles: Path, indexes: Path, scratch: Path, file: Path, lang: str
) -> float:
    """Seconds from the command until every worker finds a word that the article just got."""
    word = _changed(file)
    path = f"/api/v1/search?{urlencode({'q': word, 'lang': lang})}"
    started = time.perf_counter()
    indexing = threading.Thread(target=index_now, args=(articles, indexes, scratch))
    indexing.start()
    in_a_row = 0
    while in_a_row < _IN_A_ROW and time.perf_counter() < started + _PATIENCE_S:
        _, body = load.get_json(server.port, path)
        snippets = [hit["snippet"] for hit in (body or {}).get("hits", [])]
        in_a_row = in_a_row + 1 if any(word in one for one in snippets) else 0
        time.sleep(0.02)
    seconds = time.perf_counter() - started
    indexing.join()
    if in_a_row < _IN_A_ROW:
        raise SystemExit(f"The changed article was not live after {seconds:.0f} s.")
    return round(seconds, 2)


def _under_load(
    server: Server, articles: Path, indexes: Path, scratch: Path, files: Sequence[Path],
    asked: Sequence[str], lang: str, seconds: float,
) -> dict[str, Any]:  # fmt: skip
    """Clients that pause between questions, without and with an index being built beside them."""
    texts = _answered(server, asked, lang)
    if not texts:
        return {"left out": "no text has suggestions"}
    quiet = load.run(
        server.port, texts, lang, clients=_CLIENTS, pause_s=_PAUSE_S,
        go_on=load.for_seconds(seconds),
    )  # fmt: skip
    for file in files:
        _changed(file)
    started = time.perf_counter()
    indexing = threading.Thread(target=index_now, args=(articles, indexes, scratch))
    indexing.start()
    busy = load.run(
        server.port, texts, lang, clients=_CLIENTS, pause_s=_PAUSE_S, go_on=indexing.is_alive
    )
    took = time.perf_counter() - started
    silent_now = {load.suggest_path(text, lang) for text in texts}
    silent_now -= {load.suggest_path(text, lang) for text in _answered(server, texts, lang)}
    empty = [one for one in busy.answers if one.status == 200 and not one.suggestions]
    before, during = quiet.figures(), busy.figures()
    return {
        "changed_articles": len(files),
        "seconds": round(took, 1),
        "questions": len(busy.answers),
        "failed": during["errors"],
        "empty": sum(one.path not in silent_now for one in empty),
        "p95_before_ms": before.get("p95_ms"),
        "p95_during_ms": during.get("p95_ms"),
        "p95_ratio": round(during.get("p95_ms", 0) / max(before.get("p95_ms", 0), 1e-6), 2),
    }


def _answered(server: Server, asked: Sequence[str], lang: str) -> list[str]:
    """The first texts that something is suggested for."""
    found: list[str] = []
    for text in asked:
        _, body = load.get_json(server.port, load.suggest_path(text, lang))
        if body and body.get("suggestions"):
            found.append(text)
        if len(found) == _MOST_TEXTS:
            break
    return found


def _changed(file: Path) -> str:
    """Add a sentence with a word that no article has; gives the word."""
    word = "q" + secrets.token_hex(6)
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text.rstrip()}\n\nThe new code is {word}.\n", encoding="utf-8")
    return word
