"""What is typed in a benchmark: whole texts and their beginnings, as a form would send them."""

from __future__ import annotations

import json
import random
from pathlib import Path

from kbportal.articles.library import read_library

_MOMENTS = (0.3, 0.6, 1.0)
_LONGEST = 300
_SEED = 7


def typed(path: Path | None, articles: Path, lang: str, *, most: int) -> list[str]:
    """Texts at three moments of their being typed, in an order that repeats by seed."""
    whole = _from_file(path) if path else _questions(articles, lang)
    chance = random.Random(_SEED)
    chosen = chance.sample(whole, min(most, len(whole)))
    moments = [text[: max(3, int(len(text) * share))] for text in chosen for share in _MOMENTS]
    chance.shuffle(moments)
    return moments


def _from_file(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"][:_LONGEST] for line in lines if line.strip()]


def _questions(articles: Path, lang: str) -> list[str]:
    """The articles' own questions, or their titles where they have none."""
    library = read_library(articles, languages=[lang])
    found = [text for a in library.articles for text in (a.answers or (a.title,))]
    if not found:
        raise SystemExit(f"There are no articles in {lang!r} below {articles}.")
    return found
