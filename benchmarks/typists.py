"""People who type into the ticket form, key by key, and what the form asks of the portal.

The pauses, the two seconds at most and the 200 characters of the description are those of
static/js/typing.js and offer.js, which asks 150 ms before the pause in the subject is over, and
shows what comes back only when it is over; the rhythm is that of people who type with two or more
fingers (about 5 keys a second, longer between words and sentences).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from kbportal.articles.library import read_library

SUBJECT_PAUSE_S, DESCRIPTION_PAUSE_S, LONGEST_S = 0.35, 0.7, 2.0
AHEAD_S = 0.15
DESCRIPTION_CHARACTERS = 200
_FEWEST_CHARACTERS = 3
_KEY_S, _SPREAD = 0.16, 0.45
_THOUGHT_S = {" ": 0.12, ",": 0.3, ".": 0.9, "!": 0.9, "?": 0.9, "\n": 1.5}

_SEED = 7


@dataclass(frozen=True, slots=True)
class Question:
    """What a form asks. overtaken: by the next key, before the pause was over; nothing is shown."""

    text: str
    overtaken: bool = False


def questions(texts: Sequence[str], *, most: int, seed: int = _SEED) -> list[str]:
    """What a form asks while these texts are typed one after another, in an order by seed.

    Args:
        texts: Subject, and after the first line break the description.
        most: Where to stop.
    """
    chance = Random(seed)
    found: list[str] = []
    for text in chance.sample(texts, len(texts)):
        found += [one.text for one in asked_by(text, chance)]
        if len(found) >= most:
            break
    return found[:most]


def asked_by(text: str, chance: Random) -> Iterator[Question]:
    """Each different text that the form asks about while this one is typed, in that order."""
    subject, _, description = text.partition("\n")
    known: set[str] = set()
    for typed, overtaken in (
        *_moments(subject, SUBJECT_PAUSE_S, chance, ahead_s=AHEAD_S),
        *(
            (f"{subject} {part[:DESCRIPTION_CHARACTERS]}", overtaken)
            for part, overtaken in _moments(description, DESCRIPTION_PAUSE_S, chance)
        ),
    ):
        asked = " ".join(typed.split())
        if len(asked) >= _FEWEST_CHARACTERS and asked not in known:
            known.add(asked)
            yield Question(asked, overtaken)


def read_texts(path: Path, lang: str) -> list[str]:
    """Texts of a JSON Lines file: "text", and those in another language by "metadata" left out."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    found = [row["text"] for row in rows if _language(row, lang) == lang]
    if not found:
        raise SystemExit(f"There are no texts in {lang!r} in {path}.")
    return found


def own_questions(articles: Path, lang: str) -> list[str]:
    """The articles' questions, or their titles where they have none."""
    library = read_library(articles, languages=[lang])
    found = [text for a in library.articles for text in (a.answers or (a.title,))]
    if not found:
        raise SystemExit(f"There are no articles in {lang!r} below {articles}.")
    return found


def _moments(
    text: str, pause_s: float, chance: Random, *, ahead_s: float = 0.0
) -> Iterator[tuple[str, bool]]:
    """The beginnings of a text at which the form asks: after a pause, or two seconds of typing.

    With each whether the next key overtakes it.
    """
    since_asked = 0.0
    for at, key in enumerate(text, start=1):
        gap = _until_next_key(key, chance)
        is_shown = at == len(text) or gap >= pause_s or since_asked + gap >= LONGEST_S
        if is_shown or gap >= pause_s - ahead_s:
            yield text[:at], not is_shown
        since_asked = 0.0 if is_shown else since_asked + gap


def _until_next_key(key: str, chance: Random) -> float:
    """Seconds: log-normal, and a thought after words and sentences."""
    thought = chance.expovariate(1 / _THOUGHT_S[key]) if key in _THOUGHT_S else 0.0
    return chance.lognormvariate(math.log(_KEY_S), _SPREAD) + thought


def _language(row: dict[str, object], default: str) -> object:
    facts = row.get("metadata")
    return facts.get("lang", default) if isinstance(facts, dict) else default
