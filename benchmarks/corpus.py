"""A help centre of any size out of real articles: the same for the same seed, size by size.

The real articles come first, as they are. Then come recombinations: each takes the outline of one
real article (so lengths stay as they are in life) and fills it with blocks and sentences of a few
others (so words, lists, tables and links do too). Article n is the same whatever the size.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

from benchmarks.real_articles import Part, RealArticle

_DONORS = 4
_EXCHANGED = 0.5
_FOLDER_SIZE = 500
_PROSE = re.compile(r"[^\W\d_]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def write_corpus(
    real: Sequence[RealArticle], target: Path, size: int, *, lang: str, seed: int
) -> None:
    """Write `size` articles below `target/<lang>/`, real ones first."""
    for article in real[:size]:
        _write(target / lang / _address(article.path), article.text)
    for number in range(len(real), size):
        path = target / lang / f"more-{number // _FOLDER_SIZE:03}" / f"article-{number:06}.md"
        _write(path, recombined(real, Random(f"{seed}/{number}")))


def recombined(real: Sequence[RealArticle], chance: Random) -> str:
    """One new article as Markdown with front matter."""
    outline, *donors = chance.choices(real, k=1 + _DONORS)
    title = _crossed(donors[0].title, donors[1].title)
    pool = [part for donor in donors for part in donor.parts]
    said = [s for part in pool for block in part.blocks if _is_prose(block) for s in _split(block)]
    body = [f"# {title}"]
    for part in outline.parts:
        if part.heading:
            body.append(f"## {chance.choice(pool).heading or title}")
        body += _filled(part, pool, said, chance)
    quoted = title.replace('"', "'").replace("\\", "/")
    return f'---\ntitle: "{quoted}"\n---\n\n' + "\n\n".join(body) + "\n"


def _filled(part: Part, pool: Sequence[Part], said: Sequence[str], chance: Random) -> list[str]:
    """Blocks of about as many words as the part has: the last one may miss by half its length."""
    found: list[str] = []
    words = 0
    while True:
        block = chance.choice(chance.choice(pool).blocks)
        if words + len(block.split()) / 2 > part.words:
            return found
        if _is_prose(block):
            sentences = _split(block)
            block = " ".join(
                chance.choice(said) if chance.random() < _EXCHANGED else one for one in sentences
            )
        found.append(block)
        words += len(block.split())


def _crossed(one: str, other: str) -> str:
    """The first half of a title and the second half of another."""
    first, second = one.split(), other.split()
    return " ".join([*first[: (len(first) + 1) // 2], *second[len(second) // 2 :]])


def _is_prose(block: str) -> bool:
    return bool(_PROSE.match(block))


def _split(block: str) -> list[str]:
    return _SENTENCE.split(block)


def _address(path: str) -> Path:
    """Category and slug; what stands deeper or in no folder is put where the portal expects it."""
    folder, _, name = path.rpartition("/")
    return Path(folder.replace("/", "-") or "general") / name


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
