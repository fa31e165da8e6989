"""Synonyms of one language, as an editor writes them: `<lang>/synonyms.txt`, a group per line.

2fa, two-factor, two factor authentication      each finds what the others find
jargon, slang => plain word                     one way: who types the left means the right
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbportal.articles.model import Problem

SYNONYMS_FILE = "synonyms.txt"
LONGEST_PHRASE = 8

_ARROW = "=>"
_MAX_BYTES = 500_000
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Synonym:
    """Phrases of one language: whoever types one of `typed` may mean each of `meant` as well."""

    typed: tuple[str, ...]
    meant: tuple[str, ...]


def read_synonyms(root: Path, lang: str, problems: list[Problem]) -> tuple[Synonym, ...]:
    """The groups of a language; a line that cannot be used is reported, the others count."""
    file = root / lang / SYNONYMS_FILE
    path = f"{lang}/{SYNONYMS_FILE}"
    if not _is_there(file, root):
        return ()
    try:
        text = _text(file)
    except (OSError, ValueError) as error:
        problems.append(Problem(path, 1, "bad-synonym", "warning", f"not used: {error}"))
        return ()
    found: list[Synonym] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            found.append(_synonym(line))
        except ValueError as error:
            message = f"this line is not used: {error}"
            problems.append(Problem(path, number, "bad-synonym", "warning", message))
    return tuple(found)


def _is_there(file: Path, root: Path) -> bool:
    """Whether there is such a file; links out of the folder are reported with the articles."""
    try:
        return file.resolve(strict=True).is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return False


def _text(file: Path) -> str:
    """The file's text; ValueError says why there is none."""
    if not file.is_file():
        raise ValueError("it is no ordinary file")
    with file.open("rb") as opened:
        content = opened.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise ValueError(f"it is larger than {_MAX_BYTES:,} bytes: keep what people really type")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8: save it as UTF-8") from error


def _synonym(line: str) -> Synonym:
    """One group; ValueError says what to write instead."""
    sides = line.split(_ARROW)
    if len(sides) > 2:
        raise ValueError(f"it has more than one `{_ARROW}`: write two lines")
    phrases = [tuple(_phrases(side)) for side in sides]
    if len(sides) == 2:
        if not all(phrases):
            raise ValueError(f"a side of `{_ARROW}` is empty: write `jargon {_ARROW} plain word`")
        return Synonym(phrases[0], phrases[1])
    if len(phrases[0]) < 2:
        raise ValueError("there is nothing beside the first phrase: separate phrases by commas")
    return Synonym(phrases[0], phrases[0])


def _phrases(side: str) -> Iterator[str]:
    """The distinct phrases between commas; an empty one is passed over."""
    for phrase in dict.fromkeys(" ".join(part.split()) for part in side.split(",")):
        if phrase:
            _check(phrase, _WORD.findall(phrase))
            yield phrase


def _check(phrase: str, found: Sequence[str]) -> None:
    if not found:
        raise ValueError(f"`{phrase[:40]}` has no letter and no digit")
    if len(found) > LONGEST_PHRASE:
        raise ValueError(f"`{phrase[:40]}…` has more than {LONGEST_PHRASE} words: shorten it")
