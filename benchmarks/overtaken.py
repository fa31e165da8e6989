"""How often a form counts as one that was shown something, and nobody can have seen it.

    python -m benchmarks.overtaken --indexes DIR [--texts FILE] [--forms 1000]

The form asks 150 ms before a pause in the subject is over, and what the next key overtakes is noted
like any other answer but never shown. Types each text (of a JSON Lines file, or the articles' own
questions), asks the live index what the form would ask, and counts the forms in which something
was found, and those in which it was found for overtaken questions alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

from benchmarks.typists import asked_by, own_questions, read_texts
from kbportal.deflection.numbers.intervals import share
from kbportal.search.query.engine import Engine
from kbportal.search.query.live import LiveIndex

SEED, SUGGESTED = 7, 3


def main() -> None:
    """Print the shares of forms, with their intervals."""
    given = _arguments()
    texts = (
        read_texts(given.texts, given.lang)
        if given.texts
        else own_questions(given.articles, given.lang)
    )
    engine, chance = LiveIndex(given.indexes).current().engine, Random(SEED)
    chosen = chance.sample(texts, min(given.forms, len(texts)))
    if given.subjects:
        chosen = [text.partition("\n")[0] for text in chosen]
    found = [_found(engine, text, chance, given.lang) for text in chosen]
    counted, seen = (
        sum(column) for column in zip(*((one[0], one[1]) for one in found), strict=True)
    )
    asked, answered, overtaken = (sum(one[at] for one in found) for at in (2, 3, 4))
    print(f"{len(found)} forms, {asked} questions, {answered} answered, {overtaken} overtaken")
    for words, part in (
        ("counted as shown something", counted),
        ("could see something", seen),
        ("counted, and could see nothing", counted - seen),
    ):
        one = share(part, len(found))
        print(f"{words:32} {part:5}  {one.value:.2%}  ({one.low:.2%} to {one.high:.2%})")


def _found(
    engine: Engine, text: str, chance: Random, lang: str
) -> tuple[bool, bool, int, int, int]:
    """Of one form: counts as shown, could be seen; questions, those answered, overtaken answers."""
    asked = list(asked_by(text, chance))
    answers = [
        one
        for one in asked
        if engine.suggest(one.text, lang=lang, limit=SUGGESTED).offered(SUGGESTED)
    ]
    overtaken = sum(one.overtaken for one in answers)
    return bool(answers), overtaken < len(answers), len(asked), len(answers), overtaken


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--indexes", type=Path, default=Path("indexes"))
    parser.add_argument("--articles", type=Path, default=Path("articles"))
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--lang", default="en")
    parser.add_argument("--forms", type=int, default=1_000)
    parser.add_argument("--subjects", action="store_true", help="Type the subjects alone.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
